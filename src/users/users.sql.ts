// SQL fragments about users, for statements of other modules. The parameter `row` is the name of the users row in that statement.

/**
 * This many failures in a row, however far apart they are, lock a password until its reset, or a second factor until it is reopened (NIST SP
 * 800-63B-4 RL-2).
 */
export const CONSECUTIVE_MAX = 100;

/**
 * SQL condition: for PHONE_IDLE_DAYS no code was right for the account. Then it loses its number to whoever proves it (security.md 5.11, A98).
 * @param now SQL of the instant
 * @param days SQL of the setting
 */
export function isIdle(row: string, now = ':now', days = ':idleDays'): string {
  return `${row}.last_authenticated_at < ${now}::timestamptz - make_interval(days => ${days}::int)`;
}

/** The columns of UserAccount, with the names of its fields. */
export function accountColumns(row: string): string {
  return `${row}.id, ${row}.phone, ${row}.email, ${row}.email_verified_at AS "emailVerifiedAt", ${row}.display_name AS "displayName",
    ${row}.locale, ${row}.created_at AS "createdAt", ${secondFactorColumns(row)}`;
}

/** SQL of the account's address if it is proved, and so a login name; otherwise null. */
export function provedEmail(row: string): string {
  return `CASE WHEN ${row}.email_verified_at IS NOT NULL THEN ${row}.email END`;
}

/** The columns of SecondFactors. */
export function secondFactorColumns(row: string): string {
  return `${row}.totp_enabled AS "totpEnabled", ${row}.recovery_codes_left AS "recoveryCodesLeft"`;
}

/**
 * The column passwordHash. It is null when a hundred wrong passwords have locked the password. Then every password is wrong, just as when
 * there is no account.
 */
export function passwordHashColumn(row: string): string {
  return `CASE WHEN ${row}.password_failures < ${CONSECUTIVE_MAX} THEN ${row}.password_hash END AS "passwordHash"`;
}
