// The last way in stays (ADR 66): an account without a number (A98, ADR 61) is named by its proved address and proved by an app, a recovery
// code or a mailed code. Its owner may not take away the last of either, which nobody but an operator could give back. SQL of the locked row
// `account` of factor-change.sql.ts, so that no race gets round it.
import { AppError } from '../platform/errors/app-error';
import { platformErrors } from '../platform/errors/platform.errors';

/** Without its address nobody can name the account. */
export const namedByAddress = '(account.phone IS NULL AND account.proved_email IS NOT NULL)';

/** Without its app nothing proves the account. Needs :mailSent, whether codes can be mailed. */
export const provedByAppAlone = `(account.phone IS NULL AND account.totp_enabled AND account.recovery_codes_left = 0
  AND NOT (:mailSent::boolean AND account.proved_email IS NOT NULL))`;

/** @param pointer to what was to go */
export function lastWayIn(pointer: '/email' | '/totp'): AppError {
  return new AppError(platformErrors.conflict, { errors: [{ pointer, code: 'last_way_in' }] });
}
