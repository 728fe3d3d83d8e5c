// Where a job gets what it has to send. The job carries ids only: text and code are composed when it runs (design D5).
import type { Channel, Provider } from './provider';

/** The payload of an `sms` job: no text, no code, no number. */
export interface MessageReference {
  /** Name under which a MessageSource registered: `code` or `notice`. */
  readonly source: string;
  /** Id of the thing to tell about: a challenge id for codes. */
  readonly id: string;
  /** Number of the send, 1 for the first. With source and id it names one delivery. */
  readonly send: number;
}

/** One configured vendor, as a source may choose among them. */
export interface Route {
  readonly provider: string;
  readonly kind: Provider['kind'];
  readonly channels: readonly Channel[];
  /** Digits of a service's own code; null when it is not configured, or where the code is ours. */
  readonly codeLength: number | null;
}

/** `expired`: too late, consumed or superseded; nothing is sent and nothing recorded. */
export type Message =
  | {
      readonly kind: 'text';
      readonly provider: string;
      readonly phone: string;
      readonly text: string;
      readonly ttlSeconds: number;
    }
  /** Our code for a code sender, which words the message itself. The only place where sms holds a code as data (ADR 26). */
  | {
      readonly kind: 'code';
      readonly provider: string;
      readonly phone: string;
      readonly channel: Channel;
      readonly code: string;
      readonly locale: string | null;
      readonly ttlSeconds: number;
    }
  | {
      readonly kind: 'verification';
      readonly provider: string;
      readonly phone: string;
      readonly channel: Channel;
      readonly locale: string | null;
      /** The vendor's id of the verification that runs for this challenge already: a resend. */
      readonly runningVerificationId: string | null;
    }
  /** Nothing is handed to a vendor, but a delivery is recorded, so that the status looks like any other (decoys). */
  | { readonly kind: 'pretend'; readonly phone: string }
  | { readonly kind: 'expired' };

/** Registers itself with MessageSources when its module starts. */
export interface MessageSource {
  readonly name: string;
  compose(reference: MessageReference): Promise<Message>;
  /**
   * A verification service makes the code from now on; what an earlier verifier would accept is void. Called with null before
   * the vendor is asked to start, since its message may arrive before its answer, and with the vendor's id after.
   */
  verifierIs?(reference: MessageReference, provider: string, providerVerificationId: string | null): Promise<void>;
  /** Nothing was handed over: the person may ask again at once (N10). */
  sendFailed?(reference: MessageReference): Promise<void>;
}
