// One send on its way from vendor to vendor, and what is known about its hand-overs.
import type { MessageReference, MessageSource, Route, VerifierState } from './contract/message-source';
import type { ProviderFailure } from './contract/failure';
import type { Delivery } from './deliveries/deliveries.types';
import { wasOnlyWaiting } from './deliveries/left-open.store';
import type { Sendable } from './hand-over.service';
import { isNumbersOwn } from './routing/failover.policy';

/** One run of one send. */
export interface Run {
  readonly source: MessageSource;
  readonly reference: MessageReference;
  readonly signal: AbortSignal;
  /** Earlier hand-overs of this send: of a run that was cut short, or that a receipt has ended since. Newest first. */
  readonly past: readonly Delivery[];
  /** Hand-overs of other sends about the same thing. */
  readonly others: readonly Delivery[];
}

/** A hand-over that has failed, or whose end is not known. */
export interface Tried {
  readonly deliveryId: string;
  readonly provider: string | null;
  readonly failure: ProviderFailure;
}

/** How the send of a run stands. Changes while vendors are tried. */
export interface Progress {
  readonly run: Run;
  message: Sendable;
  /** Vendors that may still be tried, in order. */
  left: readonly Route[];
  /** Its hand-overs that no vendor has confirmed yet. */
  tried: readonly Tried[];
  /** When the first hand-over began. */
  begunAt: Date | undefined;
  /**
   * Whether the next hand-over is paid for. `none`: nothing is to be paid, because that was done when the message was asked for. `owed`: it
   * is an additional one and must be paid for (ADR 55). `made`: this run has paid for it, and no vendor has had the message since.
   */
  payment: 'none' | 'owed' | 'made';
  /** Id of a hand-over that a former run has paid for and not made. */
  readonly paidOn: string | undefined;
}

/** The turn of one vendor in the send. Changes as it goes on. */
export interface Turn {
  readonly progress: Progress;
  readonly route: Route;
  /** No other vendor is left: this one is tried up to three times. */
  readonly isLast: boolean;
  /** A former run may have handed the message to this vendor. */
  readonly isRepetition: boolean;
  /** Who checked codes before this turn. */
  readonly verifierBefore: VerifierState | undefined;
  /** Id of its record, once there is one. */
  deliveryId: string | undefined;
  /** The instant from which the vendor counts as called. */
  begunAt: Date | undefined;
  /**
   * `recording`: it is paid for, and the record may exist. `ready`: the record exists, and the vendor is called. `over`: the send has come
   * to its end. `unpaid`: the counters are full.
   */
  state: 'waiting' | 'recording' | 'ready' | 'over' | 'unpaid';
}

/** The vendor certainly has not had the message: the message waited for its turn, or the breaker was open. */
export const NOT_CALLED: ProviderFailure = { kind: 'unavailable', certainty: 'not-sent' };
/** The vendor may have had the message: the run that called it was cut short. */
export const IN_DOUBT: ProviderFailure = { kind: 'unavailable', certainty: 'maybe-sent' };

export function wasTaken({ status }: Delivery): boolean {
  return status === 'sent' || status === 'delivered';
}

/** Whether this hand-over is the end of its send: it was taken, or no other vendor would get the message either. */
export function isFinal(delivery: Delivery): boolean {
  const { status, provider, failureKind } = delivery;
  return wasTaken(delivery) || (status === 'failed' && (provider === null || isNumbersOwn(failureKind)));
}

/** @returns a former run's hand-over of this send that this vendor may have had */
export function doubted({ past }: Run, provider: string | null): Delivery | undefined {
  return past.find(
    (delivery) =>
      delivery.provider !== null &&
      delivery.provider === provider &&
      delivery.status === 'queued' &&
      !wasOnlyWaiting(delivery),
  );
}
