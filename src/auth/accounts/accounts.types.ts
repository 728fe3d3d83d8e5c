// What operators see of an account, and what they say of themselves when they change one. No secret is among it.
import type { UserAccount } from '../../users/users.types';

/** Who acts, and why; both go to the audit log. */
export interface OperatorAct {
  /** Authenticated: `client:` and a client id, or `cli:` and an account of the operating system. */
  readonly by: string;
  /** In the operator's own words, or null. */
  readonly reason: string | null;
  /** The person behind a shared key or login, as they name themselves; proves nothing. */
  readonly operator?: string | null;
}

export interface AccountRecord extends UserAccount {
  readonly status: 'active' | 'disabled';
  readonly lastAuthenticatedAt: Date;
  readonly mustChangePassword: boolean;
  /** After a hundred wrong ones in a row (RL-2): only a reset helps. */
  readonly passwordLocked: boolean;
  /** The same of the second factor. */
  readonly secondFactorLocked: boolean;
}

/** At most one of them; none means everybody. */
export interface AccountFilter {
  readonly id?: string | undefined;
  /** In any form a person would type. */
  readonly phone?: string | undefined;
  /** Also addresses that are not verified. */
  readonly email?: string | undefined;
}
