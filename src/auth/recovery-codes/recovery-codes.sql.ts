// A set of recovery codes is one row with the codes that can still be used. A new set takes the row's place, which ends the old one. A code
// that is used is taken out, so it works once (methods/recovery-code.method.ts). Lock order: account, then set.
import { event, recordAudit } from '../../audit/audit.sql';
import { namedStatement, statement } from '../../database/sql';
import { type NoticeParameters, queueNotice } from '../../notices/notices.sql';
import { FEW } from './recovery-code.algorithm';
import { type FactorChangeParameters, lockedAccount } from '../factor-change.sql';

interface StoreParameters extends FactorChangeParameters, NoticeParameters {
  readonly salt: string;
  readonly hashes: readonly string[];
}

/** No row: the session has ended. */
export const storeRecoverySet = namedStatement<StoreParameters>(
  'recovery_codes_store',
  `WITH ${lockedAccount}, stored AS (
    INSERT INTO recovery_codes AS r (user_id, salt, unused, created_at)
    SELECT account.id, :salt, :hashes::text[], :now::timestamptz FROM account
    ON CONFLICT (user_id) DO UPDATE SET salt = excluded.salt, unused = excluded.unused, created_at = excluded.created_at
    RETURNING user_id, cardinality(unused) AS codes
  ), offered AS (
    UPDATE users u SET recovery_codes_left = stored.codes FROM stored WHERE u.id = stored.user_id
  ), noted AS (
    ${recordAudit({ event: event('recovery_generated'), userId: 'stored.user_id', sessionId: ':sessionId::uuid', from: 'FROM stored' })}
  ), ${queueNotice({ name: 'recovery_codes_made', from: 'FROM account AS "to" WHERE true' })}
  SELECT account.id FROM account LEFT JOIN notice_job ON true`,
);

/**
 * Uses a code up; no row when it is not in the set. The caller must then set users.recovery_codes_left. Binds :recoveryHash.
 * @param user SQL of the owner's id, whose account is locked. @param from FROM clause with its WHERE
 */
export function takeRecoveryCode(user: string, from: string): string {
  return `UPDATE recovery_codes r SET unused = array_remove(r.unused, :recoveryHash::text)
      ${from} AND r.user_id = ${user} AND r.unused @> ARRAY[:recoveryHash::text]`;
}

/** Tells the owner that a code was used, and when few are left. @param from as for queueNotice; its `to` has the new "recoveryCodesLeft" */
export function recoveryNotice(from: string): string {
  const few = { name: 'recovery_codes_few', when: `"to"."recoveryCodesLeft" < ${FEW}` } as const;
  return queueNotice({ name: 'recovery_code_used', otherwise: few, from });
}

/** $1 user id. */
export const countRecoveryCodes = statement(
  'recovery_codes_left',
  'SELECT u.recovery_codes_left AS remaining FROM users u WHERE u.id = $1',
);
