// Fragments of users for the statements that span modules.

/** After this many failures in a row, over any time, a password or second factor is disabled (NIST SP 800-63B-4 RL-2). */
export const CONSECUTIVE_MAX = 100;

/** An account that has not proved its phone for this long gives its number up to whoever proves it (security.md 5.11, A98). */
export const IDLE_DAYS = 90;

/** The columns of UserAccount, named as the type names them. */
export function accountColumns(row: string): string {
  return `${row}.id, ${row}.phone, ${row}.email, ${row}.email_verified_at AS "emailVerifiedAt", ${row}.display_name AS "displayName",
    ${row}.locale, ${row}.created_at AS "createdAt", ${secondFactorColumns(row)}`;
}

/** The address of an account, when it is a login name: null while it is but a note. */
export function provedEmail(row: string): string {
  return `CASE WHEN ${row}.email_verified_at IS NOT NULL THEN ${row}.email END`;
}

/** The columns of SecondFactors. */
export function secondFactorColumns(row: string): string {
  return `${row}.totp_enabled AS "totpEnabled", ${row}.recovery_codes_left AS "recoveryCodesLeft"`;
}

/** Column passwordHash; null for a password that a hundred wrong ones have disabled, as for nobody's: no password is right then. */
export function passwordHashColumn(row: string): string {
  return `CASE WHEN ${row}.password_failures < ${CONSECUTIVE_MAX} THEN ${row}.password_hash END AS "passwordHash"`;
}
