// What operators see of an account, and what they state when they change one. It contains no secret.
import type { UserAccount } from '../../users/users.types';

/** Who acts, and why. Both go to the audit log. */
export interface OperatorAct {
  /** Authenticated: `client:` and a client id, or `cli:` and an account of the operating system. */
  readonly by: string;
  /** In the operator's own words, or null. */
  readonly reason: string | null;
  /** The person behind a shared key or login, by their own statement, which proves nothing. */
  readonly operator?: string | null;
}

/** What the audit log keeps of an operator's act, as actFacts gives it. */
export type ActFacts = Readonly<Record<string, string>>;

export interface AccountRecord extends UserAccount {
  readonly status: 'active' | 'disabled';
  readonly lastAuthenticatedAt: Date;
  readonly mustChangePassword: boolean;
  /** A hundred wrong passwords in a row have locked it (RL-2): only a reset helps. */
  readonly passwordLocked: boolean;
  /** A hundred wrong codes in a row have locked the second factor (RL-2). */
  readonly secondFactorLocked: boolean;
}

/** At most one of these; none of them means all accounts. */
export interface AccountFilter {
  readonly id?: string | undefined;
  /** In any form a person would type. */
  readonly phone?: string | undefined;
  /** Finds addresses that are not verified as well. */
  readonly email?: string | undefined;
}
