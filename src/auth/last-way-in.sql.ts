// The last way in stays (ADR 66). An account without a number (A98, ADR 61) is named by its proved address, and proved by an app, a
// recovery code or a mailed code. Its owner may not remove the last of either, because only an operator could give it back. These are SQL
// conditions on the locked row `account` of factor-change.sql.ts, so no race can get around them.
import { AppError } from '../platform/errors/app-error';
import { platformErrors } from '../platform/errors/platform.errors';

/** Without this address nobody could name the account. */
export const namedByAddress = '(account.phone IS NULL AND account.proved_email IS NOT NULL)';

/** Without its app nothing could prove the account. Binds :mailSent, whether codes can be mailed. */
export const provedByAppAlone = `(account.phone IS NULL AND account.totp_enabled AND account.recovery_codes_left = 0
  AND NOT (:mailSent::boolean AND account.proved_email IS NOT NULL))`;

/** @param pointer names what was to be removed */
export function lastWayIn(pointer: '/email' | '/totp'): AppError {
  return new AppError(platformErrors.conflict, { errors: [{ pointer, code: 'last_way_in' }] });
}
