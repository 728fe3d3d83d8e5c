// Where a job gets what it has to send. The job carries ids only: text and code are composed when it runs (design D5). A source
// says what is to be told and to whom; which vendor carries it, and which one after that fails, is for sms alone to decide.
import type { Tx } from '../../database/transactions';
import type { Channel, Provider } from './provider';

/** The payload of an `sms` job: no text, no code, no number. */
export interface MessageReference {
  /** Name under which a MessageSource registered: `code` or `notice`. */
  readonly source: string;
  /** Id of the thing to tell about: a challenge id for codes. */
  readonly id: string;
  /** Number of the send, 1 for the first. With source and id it names the hand-overs of one send. */
  readonly send: number;
}

/** One configured vendor. */
export interface Route {
  readonly provider: string;
  readonly kind: Provider['kind'];
  readonly channels: readonly Channel[];
  /** Digits of a service's own code; null when it is not configured, or where the code is ours. */
  readonly codeLength: number | null;
}

/** Who goes on to check the codes of a challenge: a verification service, or null for ourselves. */
export interface VerifierState {
  readonly provider: string | null;
  /** The vendor's id of the verification that runs; null while it is being started, and for ourselves. */
  readonly verificationId: string | null;
}

/** Our own code, in the two forms that vendors take it. */
export interface OwnCode {
  readonly code: string;
  readonly text: string;
}

/** A text of ours for any message sender. */
export interface TextMessage {
  readonly kind: 'text';
  readonly phone: string;
  readonly text: string;
  readonly ttlSeconds: number;
}

/** A code for one challenge: our own, or one that a verification service makes instead. */
export interface CodeMessage {
  readonly kind: 'code';
  readonly phone: string;
  readonly channel: Channel;
  /** The purpose is open to people who have proved nothing yet. */
  readonly anonymous: boolean;
  /** BCP 47 tag or null for the vendor's default. */
  readonly locale: string | null;
  readonly ttlSeconds: number;
  readonly verifier: VerifierState;
  /** The verification that runs has ended at its vendor: a resend starts a new one. */
  readonly verificationEnded: boolean;
  /** Derived when a vendor that carries it is called. The only place where sms holds a code as data (ADR 26). */
  ownCode(): OwnCode;
}

/**
 * No code is handed to a vendor, but a delivery is recorded, so that the status looks like any other (decoys). What becomes of the
 * notice, which takes other vendors than a code may, does not show in it.
 */
export interface PretendedMessage {
  readonly kind: 'pretend';
  readonly phone: string;
  readonly channel: Channel;
  readonly anonymous: boolean;
  readonly verifier: VerifierState;
  readonly verificationEnded: boolean;
  readonly notice: TextMessage | null;
}

/** Nothing is sent any more. `late`: for want of time; `verified`: the code of an earlier hand-over was entered. */
export interface ExpiredMessage {
  readonly kind: 'expired';
  readonly why?: 'late' | 'verified';
  readonly phone?: string;
}

export type Message = TextMessage | CodeMessage | PretendedMessage | ExpiredMessage;

/** What became of something that messages were about. */
export interface MessageOutcome {
  readonly id: string;
  /** When its code was entered; null: it never will be. */
  readonly provedAt: Date | null;
}

/** Registers itself with MessageSources when its module starts. */
export interface MessageSource {
  readonly name: string;
  /** Asked when the job runs; for a code again after a long wait between two vendors. */
  compose(reference: MessageReference): Promise<Message>;
  /**
   * Hands the checking of codes from one verifier to another; what the earlier one would accept is void. A service is named with
   * id null before it is asked to start, since its message may arrive before its answer, and with its id after.
   * @returns false when it was no longer `from` that checks, or nothing is left to check: then nothing has changed
   */
  changeVerifier?(reference: MessageReference, from: VerifierState, to: VerifierState): Promise<boolean>;
  /**
   * The service that was named for a decoy would have answered by now. Absent: nothing is pretended.
   * @returns what stands for the vendor's id, the same as long as the code would be; undefined when another verifier checks by now
   */
  pretendVerification?(reference: MessageReference, provider: string): Promise<string | undefined>;
  /** Nothing was handed over, or nothing arrived: the person may ask again at once (N10). */
  sendFailed?(reference: MessageReference): Promise<void>;
  /** For conversion rates. @returns nothing for those that are still open, or not known any more. Absent: nothing is to be entered. */
  outcomesOf?(ids: readonly string[]): Promise<readonly MessageOutcome[]>;
  /**
   * A receipt says that the message did not arrive: queues the same send again, for the next vendor, and counts it like one that was
   * asked for. Absent where nothing is sent twice.
   * @param tried vendors that have had it
   * @returns false when the number has no other vendor, it is too late for that, or its counters are spent: nothing has changed
   */
  sendAnotherWay?(tx: Tx, reference: MessageReference, tried: ReadonlySet<string | null>): Promise<boolean>;
  /**
   * A vendor is about to get a message that nobody has paid for: one more of a code that another may have sent, or a notice. Counts it like
   * one that was asked for. Absent: costs nothing.
   * @returns false when its counters are spent: nothing has changed, and the vendor is not called
   */
  charge?(reference: MessageReference): Promise<boolean>;
  /** A vendor is about to get a message that costs more than was counted for it. Absent: costs nothing. @param amount ten-thousandths of the currency */
  chargeMore?(reference: MessageReference, amount: number): Promise<void>;
}
