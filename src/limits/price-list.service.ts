// What a message is expected to cost, for those who keep record of it.
import { Injectable } from '@nestjs/common';
import { expectedPrice, type PricedMessage } from './prices';
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
}
