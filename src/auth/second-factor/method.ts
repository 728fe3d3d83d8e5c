// The interface of what proves a second factor. A method judges the presented code before the deciding statement runs. It also gives SQL
// for what only that statement can settle: that a code counts once (protocol.md 3). Failures of all methods count in the same two places,
// the challenge and the account, so trying another method gives no more guesses.
import type { ChallengeToken, Method, RightFor } from '../../otp/otp.types';

/** The SQL that a method adds to the verify statement (verify-account.sql.ts). */
export interface Proof {
  readonly method: Method;
  /**
   * CTEs before the one that changes the challenge, followed by a comma, for a method that uses something up. They may read `acct`, whose row is
   * locked, as the challenge's is.
   * @param acceptable SQL condition: the challenge takes a code at all
   */
  readonly gate?: (acceptable: string) => string;
  /** SQL condition on a challenge row: the code is right. Evaluated after the gate. */
  readonly matches: (row: string) => string;
  /** SQL condition on a challenge row: a vendor decides about its code. */
  readonly byVendor: (row: string) => string;
  /** Works although a hundred failures in a row have locked the second factor, and reopens it (NIST SP 800-63B-4 RL-4: the way back). */
  readonly reopens: boolean;
  /** SQL of the audit event of a right code, instead of the one of the purpose. */
  readonly event?: string;
  /** A right code ends everything else of the account. SQL assignments to its row u beside the epoch, and CTEs that read `hit`. */
  readonly endsAll?: { readonly set: string; readonly consequences: string };
}

/** The parameters of all proofs. Each method binds its own. */
export interface ProofParameters {
  readonly totpId?: string | null;
  readonly totpStep?: number | null;
  readonly totpSealed?: Buffer | null;
  readonly recoveryHash?: string | null;
}

export interface Judged {
  /**
   * For a code that was sent. Empty for other methods, whose parameters decide. No gate may read either, except to decide what is written
   * (protocol.md 1.8).
   */
  readonly matched: RightFor;
  /** False when the text has not even the length of such a code. Then the answer is 400, and nothing is counted. */
  readonly wellFormed: boolean;
  readonly parameters: ProofParameters;
}

export abstract class SecondFactorMethod {
  /** Values of the claim amr in a session that begins with this method (RFC 8176 and our own). */
  abstract readonly amr: readonly string[];
  abstract readonly proof: Proof;

  /** Does the same work for every code of a challenge that takes one. @throws AppError not_ready, overloaded; then no code was judged */
  abstract judge(challenge: ChallengeToken, code: string): Promise<Judged>;
}
