// Fragment: the session that a verify statement makes, with its refresh state (design D9). A session exists only together
// with the consumed challenge that paid for it.

/** Parameters the fragment needs; instants are the app's. */
export interface SessionParameters {
  readonly sessionId: string;
  readonly refreshDigest: Buffer;
  readonly sessionExpiresAt: Date;
  readonly sessionIdleExpiresAt: Date;
  readonly amr: readonly string[];
  readonly userAgent: string | null;
}

/** @param from FROM clause with WHERE over a row that offers user_id, auth_epoch, client_id, device_name and token_delivery */
export function insertSession(
  row: { userId: string; epoch: string; clientId: string; deviceName: string; tokenDelivery: string },
  from: string,
): string {
  return `INSERT INTO sessions (id, user_id, auth_epoch, client_id, device_name, token_delivery, user_agent, address, amr, authenticated_at, created_at,
                          last_used_at, expires_at, idle_expires_at, refresh_digest)
    SELECT :sessionId::uuid, ${row.userId}, ${row.epoch}, ${row.clientId}, ${row.deviceName}, ${row.tokenDelivery}, :userAgent::text, :address::text, :amr::text[],
           :now::timestamptz, :now::timestamptz, :now::timestamptz, :sessionExpiresAt::timestamptz, :sessionIdleExpiresAt::timestamptz,
           :refreshDigest::bytea ${from} RETURNING id`;
}

/**
 * Condition on the row of a session: it has not ended. Whether it lives depends on its account, epoch and client app as well
 * (session-liveness.sql.ts). @param now SQL of the instant
 */
export function notEnded(row: string, now = ':now'): string {
  return `${row}.revoked_at IS NULL AND ${row}.expires_at > ${now}::timestamptz AND ${row}.idle_expires_at > ${now}::timestamptz`;
}

/** The version of an account's row u that a statement has locked: CTE column of `acct`, for livingSessions. */
export const lockedVersion = 'u.xmin AS version';

/**
 * SQL of how many other sessions of the person live; at most a few dozen rows are read, by index. Null where that is not sure: the transaction
 * that wrote the account last had not ended when the statement's snapshot was taken, so it may be a sign-in whose session is not seen. For
 * this every statement that makes a session locks the account in `acct`, with lockedVersion, and writes its row. Transactions that only
 * read make nothing unsure, however long they take. Needs :now.
 */
export function livingSessions(account: { id: string; epoch: string; version: string }): string {
  return `CASE WHEN age(${account.version}) > age(pg_snapshot_xmin(pg_current_snapshot())::xid) THEN
               (SELECT count(*)::int FROM sessions s WHERE s.user_id = ${account.id} AND s.auth_epoch = ${account.epoch} AND ${notEnded('s')}) END`;
}
