// Fragments about sessions (design D9). A session is made only by the statement that consumes the challenge, or uses the trusted device,
// that proves the sign-in.

/** Parameters of insertSession. Instants are those of Clock. */
export interface SessionParameters {
  readonly sessionId: string;
  readonly refreshDigest: Buffer;
  readonly sessionExpiresAt: Date;
  readonly sessionIdleExpiresAt: Date;
  readonly amr: readonly string[];
  readonly userAgent: string | null;
}

/** @param row SQL of the columns that differ between sign-ins @param from FROM clause with its WHERE, which those may read */
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
 * SQL condition on the row of a session: it has not ended. For it to live, its account, epoch and client app must allow it as well
 * (session-liveness.sql.ts). @param now SQL of the instant
 */
export function notEnded(row: string, now = ':now'): string {
  return `${row}.revoked_at IS NULL AND ${row}.expires_at > ${now}::timestamptz AND ${row}.idle_expires_at > ${now}::timestamptz`;
}

/** A column for CTE `acct`: the version of the account's row u that this statement has locked, for livingSessions. */
export const lockedVersion = 'u.xmin AS version';

/**
 * SQL of how many other sessions of the person live, read by index from a few dozen rows at most. It is null when that is not certain: the
 * last transaction that wrote the account had not ended when the statement's snapshot was taken, so it may be a sign-in whose session is
 * not seen. For this to work, every statement that makes a session locks the account in `acct`, with lockedVersion, and writes its row.
 * Transactions that only read cause no uncertainty. Binds :now.
 */
export function livingSessions(account: { id: string; epoch: string; version: string }): string {
  return `CASE WHEN age(${account.version}) > age(pg_snapshot_xmin(pg_current_snapshot())::xid) THEN
               (SELECT count(*)::int FROM sessions s WHERE s.user_id = ${account.id} AND s.auth_epoch = ${account.epoch} AND ${notEnded('s')}) END`;
}
