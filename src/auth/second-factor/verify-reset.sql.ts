// A right code of a password reset does nothing but be used up: the new password is hashed after that, and put in place by a statement
// of its own (password-reset.sql.ts), so that how long an answer takes never tells of a right code that was refused (protocol.md 4).
// A reset whose account has changed since (auth_epoch) is as good as a decoy: its right code counts as a wrong one. So does that of an
// account with an authenticator app or recovery codes: whoever holds its phone alone must not get past them (A71).
import { event } from '../../audit/audit.sql';
import type { AnonymousEffect } from './verify-anonymous.sql';

export const provesPhone: AnonymousEffect = {
  condition: `EXISTS (SELECT FROM users u WHERE u.id = c.subject_id AND u.status = 'active' AND u.auth_epoch = c.auth_epoch
       AND NOT u.totp_enabled AND u.recovery_codes_left = 0)`,
  ctes: `born AS (
    SELECT u.* FROM users u JOIN hit ON u.id = hit.subject_id WHERE hit.matched
  )`,
  event: event('otp_success'),
  outcome: `'ok'`,
  session: 'NULL::uuid',
  auditedUser: 'CASE WHEN NOT hit.decoy THEN hit.subject_id END',
};
