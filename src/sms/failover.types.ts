// One send on its way from vendor to vendor, and what is known of each hand-over of it.
import type { MessageReference, MessageSource, Route } from './contract/message-source';
import type { ProviderFailure } from './contract/failure';
import type { Delivery } from './deliveries/deliveries.store';
import { wasOnlyWaiting } from './deliveries/left-open.store';
import type { Sendable } from './hand-over.service';

/** One run of one send. */
export interface Run {
  readonly source: MessageSource;
  readonly reference: MessageReference;
  readonly signal: AbortSignal;
  /** Hand-overs of this send on record: of a run that was cut short, or ended by a receipt since. Newest first. */
  readonly past: readonly Delivery[];
  /** Hand-overs of other sends about the same. */
  readonly others: readonly Delivery[];
}

/** A hand-over that no vendor has confirmed. */
export interface Tried {
  readonly deliveryId: string;
  readonly provider: string | null;
  readonly failure: ProviderFailure;
}

/** Where a send stands; changes as vendors are tried. */
export interface Progress {
  message: Sendable;
  /** Vendors that may still be tried, in order. */
  left: readonly Route[];
  /** Hand-overs without a good end so far. */
  tried: readonly Tried[];
  /** Of the first hand-over. */
  begunAt: Date | undefined;
  /**
   * Of the next hand-over. `owed`: it is one more than was paid for when the message was asked for (ADR 55). `made`: this run has paid for it,
   * and no vendor has had it since.
   */
  payment: 'none' | 'owed' | 'made';
  /** The record on which a run before has left a payment that it had no use for. */
  readonly paidOn: string | undefined;
}

/** Its vendor has certainly not had it: it waited for its turn, or the breaker closed the vendor before. */
export const NOT_CALLED: ProviderFailure = { kind: 'unavailable', certainty: 'not-sent' };
/** Its vendor may have had it: the run that called it was cut short. */
export const IN_DOUBT: ProviderFailure = { kind: 'unavailable', certainty: 'maybe-sent' };

/** @returns the hand-over of a former run of this send that this vendor may have had */
export function doubted({ past }: Run, provider: string | null): Delivery | undefined {
  return past.find(
    (delivery) =>
      delivery.provider !== null &&
      delivery.provider === provider &&
      delivery.status === 'queued' &&
      !wasOnlyWaiting(delivery),
  );
}
