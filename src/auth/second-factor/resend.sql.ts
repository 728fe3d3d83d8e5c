// One more send of a live challenge, in one statement (P8). A known account is locked first, as when a challenge is verified or issued, so that these
// three cannot wait for each other in a circle. While the second factor is locked, no further message goes out (A05).
import { namedStatement } from '../../database/sql';
import type { LimitWindow } from '../../config/limit';
import { windowsOpen } from '../../limits/limits.sql';
import type { CounterOutcome } from '../../limits/spending.types';
import type { PostedJob } from '../../jobs/jobs.sql';
import { resendChallenge, ResendParameters } from '../../otp/resend-challenge.sql';
import { CONSECUTIVE_MAX } from '../../users/users.sql';
import { ofRebind } from './verify-refusal.sql';

export interface ResendRow extends CounterOutcome {
  readonly sent: boolean;
  /** When the next send may be asked for; null when this was the last one, or nothing was sent. */
  readonly resendAt: Date | null;
  readonly open: boolean;
  readonly posted: PostedJob | null;
}

const presented = 'k.token_digest = :tokenDigest AND k.purpose = :purpose';

/** @param windows LIMIT_FACTOR_ACCOUNT. They do not hold up a move that an operator has begun (ofRebind) */
export function resendToAccount(windows: readonly LimitWindow[], sentBy: 'message' | 'mail' = 'message') {
  return namedStatement<ResendParameters>(
    sentBy === 'mail' ? 'resend_to_account_by_mail' : 'resend_to_account',
    resendChallenge({
      acct: `SELECT u.id, u.auth_epoch FROM users u
     WHERE u.status = 'active' AND u.id = (SELECT k.subject_id FROM otp_attempts k WHERE ${presented})
       AND (${windowsOpen('u.second_factor_fails', windows, ':now')} OR EXISTS (SELECT FROM otp_attempts k WHERE ${presented} AND ${ofRebind('k')}))
       AND u.second_factor_consecutive < ${CONSECUTIVE_MAX} FOR NO KEY UPDATE OF u`,
      owned: 'c.subject_id = acct.id AND c.auth_epoch = acct.auth_epoch',
      sentBy,
    }),
  );
}

/** @param windows LIMIT_FACTOR_ACCOUNT, applied to the number's own budget */
export function resendAnonymous(windows: readonly LimitWindow[]) {
  return namedStatement<ResendParameters>(
    'resend_anonymous',
    resendChallenge({
      acct: `SELECT b.key FROM failure_budgets b
     WHERE b.key = (SELECT k.budget_key FROM otp_attempts k WHERE ${presented})
       AND ${windowsOpen('b.fails', windows, ':now')} FOR NO KEY UPDATE OF b`,
      owned: 'c.budget_key = acct.key',
      sentBy: 'both',
    }),
  );
}
