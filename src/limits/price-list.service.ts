// What a message is expected to cost, for those who keep record of it.
import { Injectable } from '@nestjs/common';
import { expectedPrice, expectedUnits, type PricedMessage, priceOf } from './prices';
import { SpendConfig } from './spend.config';

export interface ExpectedPrice {
  /** A decimal number. */
  readonly price: string;
  /** ISO 4217. */
  readonly currency: string;
}

@Injectable()
export class PriceList {
  constructor(private readonly config: SpendConfig) {}

  /** @returns null when SMS_PRICES does not say */
  expected(message: PricedMessage): ExpectedPrice | null {
    const { prices, SMS_CURRENCY: currency } = this.config;
    const price = expectedPrice(prices, message);
    return price === null || currency === undefined ? null : { price, currency };
  }

  /**
   * What a message costs beyond what its counters took for it when it was asked for, which is a text of one segment: it may have more, or be a
   * call. @param measure asked only where the money has a cap. @returns ten-thousandths of the currency
   */
  beyondCounted(measure: () => PricedMessage): number {
    const { prices, SMS_MONEY_PER_DAY: cap } = this.config;
    if (cap === undefined) return 0;
    const message = measure();
    return Math.max(0, expectedUnits(prices, message) - priceOf(prices, message.country ?? '*'));
  }
}
