// Deletes an account: one statement removes the account's row and everything that belongs to it, and writes what is remembered (A39,
// security.md 5.10). The account is locked first, as everywhere. So a sign-in, a refresh or a change at the same moment either came before, and
// what it made is deleted too, or it finds no account. Sessions, factors and the like are deleted through their foreign keys. Challenges
// name their account without a foreign key: they are withdrawn here, and deleted with others after a day. Guarded by test/races/long/leaving.
import { type AuditParameters, event, recordAudit } from '../../audit/audit.sql';
import { withdrawChallenges } from '../../auth/credential-event.sql';
import { namedStatement } from '../../database/sql';
import { type NoticeParameters, queueNotice } from '../../notices/notices.sql';
import type { TokenDelivery } from '../../otp/otp.types';
import { askingSession } from '../../auth/sessions/asking-session.sql';
import { provedEmail } from '../../users/users.sql';

interface DeleteAccountParameters extends NoticeParameters, AuditParameters {
  readonly userId: string;
  readonly sessionId: string;
  /** The number as the account was read; null for an account that has lost its number. */
  readonly phone: string | null;
  /** Keyed digest of that number; null without one. */
  readonly phoneDigest: Buffer | null;
  /** Keys under which wrong passwords for its number and address, and in its sessions, are counted. These counts are deleted: the next owner starts without them. */
  readonly failuresKeys: readonly string[];
}

export interface DeletedRow {
  /** How the tokens of the session that asked are delivered. */
  readonly tokenDelivery: TokenDelivery;
}

/**
 * CTE `devices(locked)`: locks the account's trusted devices before the counts of wrong passwords, in the order of a sign-in on such a device. The
 * foreign key would lock them last, and the two could wait for each other.
 */
const lockDevices = `devices AS MATERIALIZED (
    SELECT count(*) AS locked FROM (SELECT d.id FROM trusted_devices d JOIN account ON d.user_id = account.id ORDER BY d.id FOR UPDATE OF d) d
  )`;

/** Gives no row when the session has ended, or when the account has changed since it was read; then nothing is deleted. */
export const deleteAccount = namedStatement<DeleteAccountParameters>(
  'delete_account',
  `WITH acct AS MATERIALIZED (
    SELECT u.id, u.phone, ${provedEmail('u')} AS email, u.locale, u.auth_epoch FROM users u
     WHERE u.id = :userId::uuid AND u.status = 'active' AND u.phone IS NOT DISTINCT FROM :phone::text FOR UPDATE OF u
  ), ${askingSession()}, account AS MATERIALIZED (
    SELECT acct.* FROM acct JOIN asking ON true
  ), ${withdrawChallenges('account')}, ${lockDevices}, gone AS (
    DELETE FROM users u USING account WHERE u.id = account.id RETURNING u.id
  ), remembered AS (
    INSERT INTO deleted_accounts (user_id, phone_digest, deleted_at) SELECT gone.id, :phoneDigest::bytea, :now::timestamptz FROM gone
  ), forgiven AS (
    DELETE FROM failure_budgets b USING account, devices WHERE b.key = ANY (:failuresKeys::text[]) AND devices.locked >= 0
  ), noted AS (
    ${recordAudit({ event: event('user_deleted'), userId: 'gone.id', sessionId: ':sessionId::uuid', from: 'FROM gone' })}
  ), ${queueNotice({ name: 'account_deleted', person: '(SELECT id FROM gone)', email: '"to".email', from: 'FROM account AS "to" WHERE true' })}
  SELECT asking.token_delivery AS "tokenDelivery" FROM gone JOIN asking ON true LEFT JOIN notice_job ON true`,
);
