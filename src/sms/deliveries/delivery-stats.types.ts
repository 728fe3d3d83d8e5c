// The operator's figures of messages. A hand-over is one message at one vendor; of one send there are several after a failover.

/** From the first instant, included, to the second, not included. */
export interface Period {
  readonly from: Date;
  readonly to: Date;
}

export interface DeliveryCounts {
  readonly handOvers: number;
  /** The vendor took it. */
  readonly accepted: number;
  /** A receipt says that the phone has it. */
  readonly delivered: number;
  /** Taken, and not delivered: by receipt, or because the vendor ended the verification. */
  readonly undelivered: number;
  /** Taken, with a code that was entered (`converted`), or was not (`wasted`). Both without those that are still open, and notices. */
  readonly converted: number;
  readonly wasted: number;
  /** SMS segments of texts of ours; texts that a vendor words are not counted. */
  readonly segments: number;
  /** Taken, without a price of the vendor's or of SMS_PRICES. */
  readonly unpriced: number;
  /** What vendors told in receipts that they charge, else what SMS_PRICES expects, by currency (ISO 4217). */
  readonly cost: Readonly<Record<string, number>>;
}

/** Each between 0 and 1, to three decimals; null where there is nothing to divide by. */
export interface DeliveryRates {
  /** Taken, of those handed over. */
  readonly acceptanceRate: number | null;
  /** Delivered, of those whose end is known. */
  readonly deliveryRate: number | null;
  /** Led to an entered code, of those taken whose challenge has ended. */
  readonly conversionRate: number | null;
}

export type Figures = DeliveryCounts & DeliveryRates;

export interface DeliveryFigures extends Figures {
  /** Null: no vendor could be called at all. */
  readonly provider: string | null;
  /** ISO 3166 region; null where a number belongs to none. */
  readonly country: string | null;
}

export interface DeliverySummary extends Period {
  readonly total: Figures;
  readonly byProvider: readonly (Figures & Pick<DeliveryFigures, 'provider'>)[];
  readonly byCountry: readonly (Figures & Pick<DeliveryFigures, 'country'>)[];
  readonly byProviderAndCountry: readonly DeliveryFigures[];
}

/** What one vendor did in one step of time. */
export interface DeliveryStep extends Figures {
  readonly at: Date;
  readonly provider: string | null;
}

/** What became of the messages to one country in one step of time. */
export interface CountryStep extends Figures {
  readonly at: Date;
  readonly country: string | null;
}

export interface Series<Step> extends Period {
  readonly stepSeconds: number;
  /** By time; steps in which nothing happened are absent. */
  readonly steps: readonly Step[];
}

export type DeliverySeries = Series<DeliveryStep>;
