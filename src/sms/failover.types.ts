// One send on its way from vendor to vendor, and what is known of each hand-over of it.
import type { MessageReference, MessageSource, Route, VerifierState } from './contract/message-source';
import type { ProviderFailure } from './contract/failure';
import type { Delivery } from './deliveries/deliveries.types';
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

/** A hand-over that has failed, or that nobody knows the end of. */
export interface Tried {
  readonly deliveryId: string;
  readonly provider: string | null;
  readonly failure: ProviderFailure;
}

/** Where the send of a run stands; changes as vendors are tried. */
export interface Progress {
  readonly run: Run;
  message: Sendable;
  /** Vendors that may still be tried, in order. */
  left: readonly Route[];
  /** Its hand-overs that no vendor has confirmed so far. */
  tried: readonly Tried[];
  /** When the first hand-over began. */
  begunAt: Date | undefined;
  /**
   * Who pays for the next hand-over. `none`: it was paid for when the message was asked for. `owed`: it is one more than that, and has to be paid
   * for (ADR 55). `made`: this run has paid for it, and no vendor has had the message since.
   */
  payment: 'none' | 'owed' | 'made';
  /** Id of the hand-over that a former run has paid for without making it. */
  readonly paidOn: string | undefined;
}

/** The turn of one vendor of the send; changes as it goes on. */
export interface Turn {
  readonly progress: Progress;
  readonly route: Route;
  /** No other vendor is left: this one is tried up to three times. */
  readonly isLast: boolean;
  /** A former run may have handed the message to this vendor. */
  readonly isRepetition: boolean;
  /** Who checked the codes before this turn. */
  readonly verifierBefore: VerifierState | undefined;
  /** Of its record, once there is one. */
  deliveryId: string | undefined;
  /** When it was recorded as called. */
  begunAt: Date | undefined;
  /**
   * `recording`: charged, and the record may be there. `ready`: it is there, and the vendor is called. `over`: the send has come to its
   * end. `unpaid`: its counters are spent.
   */
  state: 'waiting' | 'recording' | 'ready' | 'over' | 'unpaid';
}

/** The vendor certainly has not had the message: it waited for its turn, or the breaker had closed the vendor. */
export const NOT_CALLED: ProviderFailure = { kind: 'unavailable', certainty: 'not-sent' };
/** The vendor may have had the message: the run that called it was cut short. */
export const IN_DOUBT: ProviderFailure = { kind: 'unavailable', certainty: 'maybe-sent' };

/** @returns the hand-over of a former run of this send, where this vendor may have had it */
export function doubted({ past }: Run, provider: string | null): Delivery | undefined {
  return past.find(
    (delivery) =>
      delivery.provider !== null &&
      delivery.provider === provider &&
      delivery.status === 'queued' &&
      !wasOnlyWaiting(delivery),
  );
}
