// One interface for what proves a second factor. A method judges the presented code before the statement that decides, and says in SQL
// what that statement has to settle itself: that a code counts once (protocol.md 3). The failures of all methods count in the same two
// places, the challenge and the account, so trying another method gives no further guesses.
import type { ChallengeToken, Method, RightFor } from '../../otp/otp.types';

/** What a method adds to the verify statement (verify-account.sql.ts). */
export interface Proof {
  readonly method: Method;
  /**
   * CTEs before the challenge is touched, ending in a comma; they may read `acct`, whose row is locked.
   * @param acceptable SQL of whether the challenge row c takes a code at all, by snapshot
   */
  readonly gate: (acceptable: string) => string;
  /** Whether the code is right, on a challenge row; evaluated once the gate has run. */
  readonly matches: (row: string) => string;
  /** Whether a vendor decides about the code of this challenge row. */
  readonly byVendor: (row: string) => string;
  /** Still works when a hundred failures in a row have disabled the others (RL-4: the way back). */
  readonly opensDisabled: boolean;
  /** SQL of the audit event of a right code, in place of the purpose's own. */
  readonly event?: string;
  /** A right code ends everything else of the account: assignments to its row u beside the epoch, and CTEs that follow from `hit`. */
  readonly endsAll?: { readonly set: string; readonly consequences: string };
}

/** Parameters of the proofs; each binds those of its own method. */
export interface ProofParameters {
  readonly totpId?: string | null;
  readonly totpStep?: number | null;
  readonly totpSealed?: Buffer | null;
  readonly recoveryHash?: string | null;
}

export interface Judged {
  /** Of a code that was sent; empty for others, whose parameters say it. No gate may look at either, except to decide what is written (protocol.md 1.8). */
  readonly matched: RightFor;
  /** False when it does not even have the length of such a code: then the answer is 400, and nothing is counted. */
  readonly wellFormed: boolean;
  readonly parameters: ProofParameters;
}

export abstract class SecondFactorMethod {
  /** Values of the claim amr of a session that began with it (RFC 8176 and our own). */
  abstract readonly amr: readonly string[];
  abstract readonly proof: Proof;

  /** The same work for every code of a challenge that takes one. @throws AppError not_ready, overloaded: then nothing was looked at */
  abstract judge(challenge: ChallengeToken, code: string): Promise<Judged>;
}
