// Login takes two statements (performance.md P8). The first counts the attempt and reads the account (password-attempts.sql.ts). The second locks the
// account and issues the challenge (account-challenge.sql.ts), or signs in on a trusted device (trusted-login.sql.ts). Few logins need a third: to
// take back an attempt, to store a better hash, or to draw on the reserve of a number whose counters strangers have used up.
import type { LimitWindow } from '../../config/limit';
import { event } from '../../audit/audit.sql';
import type { Identifier } from '../identifiers/identifier.policy';
import { issueToAccount, type IssueToAccountParameters } from '../issuance/account-challenge.sql';
import type { IssueByMailParameters } from '../issuance/phoneless-challenge.service';
import { attempt, type AttemptParameters, namedBy } from '../password/password-attempts.sql';
import { knownDevice, type PresentedDevice } from './trusted-login.sql';

/**
 * An attempt with the token of a trusted device. The identifier's delay does not hold it up, for five attempts (A74). It locks the device before the
 * budget, like the sign-in does; in another order the two statements could wait for each other for ever.
 */
export function attemptFromDevice(name: Identifier['kind'], window: LimitWindow | undefined) {
  const match = namedBy[name];
  const known = `${knownDevice(match)}, `;
  return attempt<AttemptParameters & PresentedDevice>(`login_attempt_by_${name}_from_device`, match, window, known);
}

/** @param windows LIMIT_FACTOR_ACCOUNT */
export function issueLogin(windows: readonly LimitWindow[]) {
  return issueToAccount<IssueToAccountParameters>('issue_login', windows, { event: event('login_challenged') });
}

/** The same for an account without a number. @param windows LIMIT_FACTOR_ACCOUNT */
export function issuePhonelessLogin(windows: readonly LimitWindow[]) {
  const parts = { event: event('login_challenged'), mailTo: 'own' } as const;
  return issueToAccount<IssueByMailParameters>('issue_phoneless_login', windows, parts);
}
