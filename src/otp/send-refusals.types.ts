import type { Refusal } from '../limits/counters.sql';

/** How many messages were asked for and refused, in one step of time. */
export interface RefusalStep {
  readonly at: Date;
  /** ISO 3166 region; null when the number belongs to none, or no number was given. */
  readonly country: string | null;
  /** limit: by a counter of the number, account or address. budget: by one that all share. */
  readonly kind: Refusal;
  readonly count: number;
}
