// What a message is expected to cost by SMS_PRICES, for the record of a hand-over and for the budget of money.
import { Injectable } from '@nestjs/common';
import { expectedPrice, expectedUnits, type PricedMessage, priceOf } from './prices';
import { SpendConfig } from './spend.config';

export interface ExpectedPrice {
  /** A decimal number, in whole units of the currency. */
  readonly price: string;
  /** ISO 4217 code. */
  readonly currency: string;
}

@Injectable()
export class PriceList {
  constructor(private readonly config: SpendConfig) {}

  /** @returns null when SMS_PRICES does not name a price */
  expected(message: PricedMessage): ExpectedPrice | null {
    const { prices, SMS_CURRENCY: currency } = this.config;
    const price = expectedPrice(prices, message);
    return price === null || currency === undefined ? null : { price, currency };
  }

  /**
   * When a message is asked for, the price of one text segment is counted. This is what it costs beyond that, by having more segments or being
   * a call. @param measure called only when money has a cap. @returns ten-thousandths of the currency
   */
  beyondCounted(measure: () => PricedMessage): number {
    const { prices, SMS_MONEY_PER_DAY: cap } = this.config;
    if (cap === undefined) return 0;
    const message = measure();
    return Math.max(0, expectedUnits(prices, message) - priceOf(prices, message.country ?? '*'));
  }
}
