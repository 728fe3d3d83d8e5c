// The life of a rebind (ADR 50). Every statement that changes one runs after the account was locked, in the same transaction or in the statement that
// verifies the code (verify-phone-change.sql.ts). So what is read here of the account cannot change meanwhile.
import { type AuditParameters, event } from '../../audit/audit.sql';
import { namedStatement, statement } from '../../database/sql';
import { type NoticeParameters, queueNotice } from '../../notices/notices.sql';
import { isIdle } from '../../users/users.sql';
import { withdrawChallenges } from '../credential-event.sql';
import { freeNumber } from '../recycled-number.sql';

/**
 * SQL condition: nothing has happened since the start of the rebind that only the account's owner can do. The start raised the epoch, and
 * so ended all sessions. A later session of this epoch means that somebody has signed in; another epoch means a credential event.
 */
const stands = `u.auth_epoch = r.auth_epoch AND u.status = 'active'
    AND NOT EXISTS (SELECT FROM sessions s WHERE s.user_id = u.id AND s.auth_epoch = u.auth_epoch)`;

/**
 * SQL condition: what has this epoch was ended by the start of the pending rebind or of one that it replaced, and by nothing else. Each
 * start raises the epoch by one; a rebind that is begun anew for another number ends again what the first has ended.
 */
export function endedByMove({ account, epoch }: { readonly account: string; readonly epoch: string }): string {
  return `EXISTS (SELECT FROM phone_rebinds r WHERE r.user_id = ${account}.id AND r.ended_at IS NULL AND r.auth_epoch = ${account}.auth_epoch)
         AND ${account}.auth_epoch - ${epoch} = (SELECT count(*) FROM phone_rebinds r
               WHERE r.user_id = ${account}.id AND r.auth_epoch > ${epoch} AND r.auth_epoch <= ${account}.auth_epoch)`;
}

/** Read from the table, because the statement may be about an account without a number, whose row it does not have. */
const provedAddress = '(SELECT e.email FROM users e WHERE e.id = :userId::uuid AND e.email_verified_at IS NOT NULL)';

/** $1 user id. The newest rebind of the account, if it has any. */
export const newestRebind = statement(
  'phone_rebind_newest',
  `SELECT r.id, r.user_id AS "userId", r.phone, r.reason, r.requested_by AS "requestedBy", r.requested_at AS "requestedAt",
         r.approved_by AS "approvedBy", r.started_at AS "startedAt", r.moves_at AS "movesAt", r.ended_at AS "endedAt",
         CASE WHEN r.outcome IS NOT NULL THEN r.outcome WHEN r.started_at IS NULL THEN 'needs_approval' WHEN NOT (${stands}) THEN 'stopped'
              WHEN r.moves_at IS NULL THEN 'needs_code' ELSE 'waiting' END AS state
    FROM phone_rebinds r JOIN users u ON u.id = r.user_id WHERE r.user_id = $1 ORDER BY r.requested_at DESC, r.id DESC LIMIT 1`,
);

/** $1 id, $2 user id, $3 phone, $4 reason, $5 who asks, $6 now, $7 hours to wait. */
export const insertRebind = statement(
  'phone_rebind_insert',
  `INSERT INTO phone_rebinds (id, user_id, phone, reason, requested_by, requested_at, wait_hours) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
);

/** $1 id, $2 who approves. */
export const approveRebind = statement(
  'phone_rebind_approve',
  'UPDATE phone_rebinds SET approved_by = $2 WHERE id = $1',
);

const [created, rotated, updated] = [event('client_created'), event('client_secret_rotated'), event('client_updated')];
const ofKey = `'client:' || (a.meta ->> 'clientId') = kin.actor`;
const secretMade = `a.event IN (${created}, ${rotated}) AND ${ofKey}`;
/**
 * SQL condition on audit row a: by its key, a client app has made the actor's client app or secret, or changed its scopes. What the command
 * line has done links no two operators.
 */
const madeByKey = `a.event IN (${created}, ${rotated}, ${updated}) AND (a.event <> ${updated} OR a.meta -> 'changed' ? 'scopes')
         AND ${ofKey} AND a.meta ->> 'by' LIKE 'client:%'`;
/**
 * $1, $2: two who act, named as in OperatorAct.by. One row when they may be the same person: they are the same; or one of two keys has made
 * the secret of the other or, since the command line made that secret, turned an app's key into an operator's; or a third key has done so
 * with both.
 */
export const mayBeOne = statement(
  'phone_rebind_may_be_one',
  `WITH RECURSIVE kin(side, actor) AS (
    VALUES (1, $1::text), (2, $2::text)
    UNION
    SELECT kin.side, made.actor FROM kin, LATERAL (
      SELECT a.meta ->> 'by' AS actor FROM audit_log a
       WHERE ${madeByKey} AND a.id > coalesce((SELECT max(a.id) FROM audit_log a WHERE ${secretMade} AND a.meta ->> 'by' NOT LIKE 'client:%'), 0)
    ) made
  ) SELECT FROM kin one JOIN kin other USING (actor) WHERE one.side = 1 AND other.side = 2 LIMIT 1`,
);

/** $1 id, $2 now, $3 outcome. */
export const endRebind = statement(
  'phone_rebind_end',
  'UPDATE phone_rebinds SET ended_at = $2, outcome = $3 WHERE id = $1 AND ended_at IS NULL RETURNING id',
);

/** $1 phone, $2 user id, $3 now, $4 PHONE_IDLE_DAYS. One row when another account has the number and is not idle (A98). */
export const holderOf = statement(
  'phone_rebind_holder',
  `SELECT o.id FROM users o WHERE o.phone = $1 AND o.id <> $2 AND NOT (${isIdle('o', '$3', '$4')})`,
);

interface RebindParameters extends NoticeParameters, AuditParameters {
  readonly rebindId: string;
  readonly userId: string;
}

/**
 * Ends everything the account has open, and tells its old number. Opens a locked second factor, since it is about to be bound to a new
 * number (RL-4).
 */
export const startRebind = namedStatement<RebindParameters>(
  'phone_rebind_start',
  `WITH account AS (
    UPDATE users u SET auth_epoch = u.auth_epoch + 1, second_factor_consecutive = 0 WHERE u.id = :userId::uuid
    RETURNING u.id, u.auth_epoch, u.phone, u.locale
  ), ${withdrawChallenges('account')}, started AS (
    UPDATE phone_rebinds r SET started_at = :now::timestamptz, auth_epoch = account.auth_epoch FROM account WHERE r.id = :rebindId::uuid
  ), ${queueNotice({ name: 'phone_move_pending', person: ':userId::uuid', email: provedAddress, from: 'FROM account AS "to" WHERE true' })}
  SELECT account.auth_epoch AS "authEpoch", account.locale FROM account LEFT JOIN notice_job ON true`,
);

/** $1 now, $2 how many at most. Rebinds whose wait is over. */
export const dueRebinds = statement(
  'phone_rebinds_due',
  `SELECT r.id, r.user_id AS "userId" FROM phone_rebinds r WHERE r.ended_at IS NULL AND r.moves_at <= $1 ORDER BY r.moves_at LIMIT $2`,
);

/** $1 now, $2 days. Ends rebinds that were begun so long ago and whose number was not proved. */
export const expireRebinds = statement(
  'phone_rebinds_expire',
  `UPDATE phone_rebinds r SET ended_at = $1::timestamptz, outcome = 'expired'
    WHERE r.ended_at IS NULL AND r.moves_at IS NULL AND r.requested_at <= $1::timestamptz - make_interval(days => $2::int)`,
);

interface MoveParameters extends RebindParameters {
  readonly oldNoticeId: string;
  readonly newNoticeId: string;
  /** PHONE_IDLE_DAYS. */
  readonly idleDays: number;
}

/** Moves the number, and takes it from an idle account that has it. If another account takes it at this moment, the unique index refuses. */
export const moveNumber = namedStatement<MoveParameters>(
  'phone_rebind_move',
  `WITH rebind AS (
    SELECT r.phone AS new_phone, u.phone AS old_phone FROM phone_rebinds r JOIN users u ON u.id = r.user_id WHERE r.id = :rebindId::uuid
  ), ${freeNumber('FROM rebind WHERE o.phone = rebind.new_phone AND o.id <> :userId::uuid')}, moved AS (
    UPDATE users u SET phone = rebind.new_phone, auth_epoch = u.auth_epoch + 1, second_factor_fails = '{}', second_factor_consecutive = 0,
           last_authenticated_at = :now::timestamptz FROM rebind WHERE u.id = :userId::uuid AND (SELECT count(*) FROM freed) >= 0
    RETURNING u.id, u.locale, rebind.old_phone, rebind.new_phone
  ), ${withdrawChallenges('moved')},
  ${queueNotice({ prefix: 'old', name: 'phone_changed', person: ':userId::uuid', email: provedAddress, from: 'FROM (SELECT old_phone AS phone, locale FROM moved) AS "to" WHERE true' })},
  ${queueNotice({ prefix: 'new', name: 'phone_added', person: ':userId::uuid', email: 'NULL::text', from: 'FROM (SELECT new_phone AS phone, locale FROM moved) AS "to" WHERE true' })}
  SELECT moved.id FROM moved LEFT JOIN old_notice_job ON true LEFT JOIN new_notice_job ON true LEFT JOIN notice_job ON true`,
);
