// The challenge of a phone change. It goes to the new number; otherwise it is issued like that of a login (account-challenge.sql.ts). A newer one
// replaces the older, so only one change waits at a time.
import { event } from '../../audit/audit.sql';
import type { LimitWindow } from '../../config/limit';
import { issueToAccount, type IssueToAccountParameters } from '../issuance/account-challenge.sql';

/** @param windows LIMIT_FACTOR_ACCOUNT */
export function issuePhoneChange(windows: readonly LimitWindow[]) {
  return issueToAccount<IssueToAccountParameters>('issue_phone_change', windows, {
    event: event('phone_change_requested'),
    condition: 'u.auth_epoch = :authEpoch::int',
  });
}

/** For a move that an operator has begun (ADR 50). Its code is sent while the second factor is locked as well. @param windows LIMIT_FACTOR_ACCOUNT */
export function issuePhoneRebind(windows: readonly LimitWindow[]) {
  return issueToAccount<IssueToAccountParameters>('issue_phone_rebind', windows, {
    event: event('phone_rebind_code_requested'),
    condition: 'u.auth_epoch = :authEpoch::int',
    isSentWhileLocked: true,
  });
}
