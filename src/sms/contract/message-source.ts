// Where a job gets the message that it has to send. The job has ids only; text and code are composed when it runs (design D5). A source
// says what is to be told, and to whom. Which vendor carries it, and which is next after a failure, is decided by this module alone.
import type { Tx } from '../../database/transactions';
import type { Channel, Provider } from './provider';

/** The payload of an `sms` job: no text, no code, no number. */
export interface MessageReference {
  /** Name of a registered MessageSource: `code`, `notice` or `locked_notice`. In no job: `notice_instead`, a decoy's notice (pretence.service.ts). */
  readonly source: string;
  /** Id of what the message is about; for codes that of the challenge. */
  readonly id: string;
  /** Number of the send, 1 for the first. Source, id and number together name one send with its hand-overs. */
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

/** Who checks the codes of a challenge from now on: a verification service, or we ourselves (null). */
export interface VerifierState {
  readonly provider: string | null;
  /** The vendor's id of the running verification; null while it is being started, and when we check. */
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
  /** The running verification has ended at its vendor, so a resend starts a new one. */
  readonly verificationEnded: boolean;
  /** Derived only when a vendor that carries it is called. Nowhere else does this module have a code as data (ADR 26). */
  ownCode(): OwnCode;
}

/**
 * No code is given to a vendor, but a delivery is recorded, so that the status of a decoy looks like any other. What becomes of the notice
 * does not show in it, because it takes other vendors than a code may.
 */
export interface PretendedMessage {
  readonly kind: 'pretend';
  readonly phone: string;
  readonly channel: Channel;
  readonly anonymous: boolean;
  readonly verifier: VerifierState;
  readonly verificationEnded: boolean;
  /** Of the text that would carry the code: a decoy is charged what a code costs, or whoever counts the money could tell them apart. */
  readonly segments: number;
  readonly notice: TextMessage | null;
}

/** Nothing is to be sent any more. `late`: there is no time left. `verified`: the code of an earlier hand-over was entered. */
export interface ExpiredMessage {
  readonly kind: 'expired';
  readonly why?: 'late' | 'verified';
  readonly phone?: string;
}

export type Message = TextMessage | CodeMessage | PretendedMessage | ExpiredMessage;

/** What became of the thing that messages were about. */
export interface MessageOutcome {
  readonly id: string;
  /** When its code was entered; null: it never will be. */
  readonly provedAt: Date | null;
}

/** Registers itself with MessageSources when its module starts. */
export interface MessageSource {
  readonly name: string;
  /** Called when the job runs; for a code also after a long wait between two vendors. */
  compose(reference: MessageReference): Promise<Message>;
  /**
   * Passes the checking of codes from one verifier to another. Codes that only the former would accept are void then. A service is named with id null
   * before it is asked to start, because its message may arrive before its answer; and with its id afterwards.
   * @returns false when `from` was no longer the verifier, or nothing is left to check; then nothing has changed
   */
  changeVerifier?(reference: MessageReference, from: VerifierState, to: VerifierState): Promise<boolean>;
  /**
   * Called for a decoy when the service named for it would have answered. Absent: nothing is pretended.
   * @returns a text in place of the vendor's id, the same as long as the code would be; undefined when another verifier checks now
   */
  pretendVerification?(reference: MessageReference, provider: string): Promise<string | undefined>;
  /** Called when nothing was handed over, or nothing arrived: the person may ask again at once (N10). */
  sendFailed?(reference: MessageReference): Promise<void>;
  /** For conversion rates. @returns nothing for those that are still open or no longer known. Absent: this source has no codes */
  outcomesOf?(ids: readonly string[]): Promise<readonly MessageOutcome[]>;
  /**
   * Called when a receipt says that the message did not arrive: queues the same send again, for the next vendor, and counts it like a send
   * that was asked for. Absent where nothing is sent twice.
   * @param tried vendors that have had it
   * @returns false when the number has no other vendor, it is too late, or the counters are full; then nothing has changed
   */
  sendAnotherWay?(tx: Tx, reference: MessageReference, tried: ReadonlySet<string | null>): Promise<boolean>;
  /**
   * Called before a vendor gets a message that was not counted yet: a repetition of a code that another vendor may have sent, or a notice.
   * Counts it like a message that was asked for. Absent: it costs nothing.
   * @returns false when the counters are full; then nothing has changed, and the vendor is not called
   */
  charge?(reference: MessageReference): Promise<boolean>;
  /**
   * Called before a vendor gets a message that costs more than was counted for it. Absent: it costs nothing.
   * @param amount ten-thousandths of the currency
   */
  chargeMore?(reference: MessageReference, amount: number): Promise<void>;
}
