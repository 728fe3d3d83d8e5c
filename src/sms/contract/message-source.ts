// Where a job gets what it has to send. The job carries ids only: text and code are composed when it runs (design D5).
import type { Tx } from '../../database/transactions';
import type { Channel } from './provider';

/** The payload of an `sms` job: no text, no code, no number. */
export interface MessageReference {
  /** Name under which a MessageSource registered: `code` or `notice`. */
  readonly source: string;
  /** Id of the thing to tell about: a challenge id for codes. */
  readonly id: string;
  /** Number of the send, 1 for the first. With source and id it names one delivery. */
  readonly send: number;
}

export interface TextMessage {
  readonly kind: 'text';
  readonly phone: string;
  readonly text: string;
  readonly ttlSeconds: number;
}

export interface VerificationRequest {
  readonly kind: 'verification';
  readonly phone: string;
  readonly channel: Channel;
  readonly locale: string | null;
  /** The vendor's id of the verification that runs for this challenge already, if any: a resend. */
  readonly runningVerificationId: string | null;
}

/** Nothing is handed to a vendor, but a delivery is recorded so that the status looks like any other (decoys). */
export interface PretendedMessage {
  readonly kind: 'pretend';
  readonly phone: string;
}

/** expired: too late, consumed or revoked; the job ends without a send. */
export type Message = TextMessage | VerificationRequest | PretendedMessage | { readonly kind: 'expired' };

export interface DeliveryRoute {
  readonly provider: string;
  readonly kind: 'sender' | 'service';
}

export interface MessageSource {
  readonly name: string;
  /** Composes what this delivery carries, for a sender a text, for a service the request to start. */
  compose(
    reference: MessageReference,
    routes: readonly DeliveryRoute[],
  ): Promise<{ message: Message; routes: readonly DeliveryRoute[] }>;
  /** A verification service has begun a verification: keep its id, and void what an earlier verifier would accept. */
  verificationStarted?(
    tx: Tx,
    reference: MessageReference,
    provider: string,
    providerVerificationId: string,
  ): Promise<void>;
}
