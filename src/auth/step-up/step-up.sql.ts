// Issues the challenge of a step-up like that of a login, but only for a living session (account-challenge.sql.ts).
import { event } from '../../audit/audit.sql';
import type { LimitWindow } from '../../config/limit';
import { issueToAccount, type IssueToAccountParameters } from '../issuance/account-challenge.sql';
import type { IssueByMailParameters } from '../issuance/phoneless-challenge.service';
import { notEnded } from '../sessions/sessions.sql';

/** @param windows LIMIT_FACTOR_ACCOUNT. When it is not granted though every counter is free, the session has ended. */
export function issueStepUp(windows: readonly LimitWindow[]) {
  return issueToAccount<IssueToAccountParameters>('issue_step_up', windows, parts);
}

/** The same for an account without a number. @param windows LIMIT_FACTOR_ACCOUNT */
export function issuePhonelessStepUp(windows: readonly LimitWindow[]) {
  return issueToAccount<IssueByMailParameters>('issue_phoneless_step_up', windows, { ...parts, mailTo: 'own' });
}

const parts = {
  event: event('step_up_challenged'),
  condition: `u.auth_epoch = :authEpoch::int AND EXISTS (SELECT FROM sessions s WHERE s.id = :boundSessionId::uuid AND s.user_id = u.id
        AND s.auth_epoch = u.auth_epoch AND ${notEnded('s')})`,
};
