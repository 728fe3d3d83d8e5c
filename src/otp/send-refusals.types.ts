import type { Refusal } from '../limits/counters.sql';

/** Messages that were asked for and refused, in one step of time. */
export interface RefusalStep {
  readonly at: Date;
  /** ISO 3166 region; null where a number belongs to none, or none was told. */
  readonly country: string | null;
  /** limit: by counters of the number, account or address; budget: by what everybody shares. */
  readonly kind: Refusal;
  readonly count: number;
}
