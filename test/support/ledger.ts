// What must hold in the tables after any fault (security.md 3.1): everything a request does is there, or nothing of it.
import type { Pool } from 'pg';
import { JOBS } from './queue';

const broken: Readonly<Record<string, string>> = {
  'N1: a user without phone, password or record': `
    SELECT u.id FROM users u WHERE u.phone IS NULL OR u.password_hash = ''
        OR NOT EXISTS (SELECT FROM audit_log a WHERE a.user_id = u.id AND a.event = 'user_created')`,
  'N1: a proved registration that is still there, or an open one that is gone': `
    SELECT c.id FROM otp_attempts c LEFT JOIN registrations r ON r.id = c.subject_id
     WHERE c.purpose = 'register' AND (c.consumed_at IS NULL) <> (r.id IS NOT NULL)`,
  'N1: a registration without a challenge': `
    SELECT r.id FROM registrations r WHERE NOT EXISTS (SELECT FROM otp_attempts c WHERE c.subject_id = r.id)`,
  'N5: a consumed code without exactly one session or refusal': `
    SELECT c.id FROM otp_attempts c WHERE c.consumed_at IS NOT NULL
       AND (SELECT count(*) FROM audit_log a WHERE a.ref = c.id
               AND (a.event IN ('otp_success', 'user_created', 'register_conflict', 'step_up', 'recovery_used', 'phone_change_completed', 'phone_change_conflict')
                    OR c.purpose = 'phone_verification' AND a.event = 'phone_verified')) <> 1`,
  'N6: fewer failures than recorded ones': `
    SELECT c.id FROM otp_attempts c
     WHERE c.failed < (SELECT count(*) FROM audit_log a WHERE a.ref = c.id AND a.event = 'otp_fail')`,
  'N7: a send that no counter of its number knows': `
    SELECT c.id FROM otp_attempts c WHERE c.consumed_at IS NULL AND NOT (c.purpose = 'reset' AND c.decoy) AND cardinality(c.sends) > 0
       AND NOT EXISTS (SELECT FROM rate_limits r WHERE r.key ~ '^sms:(to|reserve):' AND (c.created_at = ANY (r.hits) OR c.sends[1] = ANY (r.hits)))`,
  'N7: a counted send that no challenge made': `
    SELECT h FROM rate_limits r, unnest(r.hits) AS h WHERE r.key ~ '^sms:(to|reserve):'
       AND NOT EXISTS (SELECT FROM otp_attempts c WHERE c.created_at = h OR h = ANY (c.sends))`,
  'N9: an account at odds with its app or its recovery codes': `
    SELECT u.id FROM users u LEFT JOIN totp_secrets t ON t.user_id = u.id AND t.confirmed_at IS NOT NULL LEFT JOIN recovery_codes r ON r.user_id = u.id
     WHERE u.totp_enabled <> (t.user_id IS NOT NULL) OR u.recovery_codes_left <> coalesce(cardinality(r.unused), 0)`,
  'N11: an app or a recovery code of which the record tells something else': `
    SELECT u.id FROM users u, LATERAL (
      SELECT count(*) FILTER (WHERE a.event = 'totp_enrolled') AS enrolled, count(*) FILTER (WHERE a.event = 'totp_removed') AS removed,
             count(*) FILTER (WHERE a.event = 'recovery_generated') AS sets, count(*) FILTER (WHERE a.event = 'recovery_used') AS used
        FROM audit_log a WHERE a.user_id = u.id) a
     WHERE a.enrolled - a.removed <> u.totp_enabled::int OR (a.sets = 0) <> NOT EXISTS (SELECT FROM recovery_codes r WHERE r.user_id = u.id)
        OR (a.sets = 1 AND u.recovery_codes_left <> 10 - a.used)`,
  // Before its job ran a challenge may have been answered without the code, or withdrawn.
  'N10: a send with neither a job nor a delivery': `
    SELECT c.id FROM otp_attempts c, generate_subscripts(c.sends, 1) AS n
     WHERE c.verified_by IS NULL AND c.revoked_at IS NULL AND NOT EXISTS (SELECT FROM sms_deliveries d WHERE d.reference_id = c.id AND d.send = n)
       AND NOT EXISTS (SELECT FROM ${JOBS} WHERE jobs.key = 'sms:' || c.id || ':' || n)`,
  'N10: a job without its challenge': `
    SELECT jobs.key FROM ${JOBS} WHERE jobs.key LIKE 'sms:%'
       AND NOT EXISTS (SELECT FROM otp_attempts c WHERE jobs.key LIKE 'sms:' || c.id || ':%')`,
  'N11: a challenge without its record': `
    SELECT c.id FROM otp_attempts c
     WHERE NOT EXISTS (SELECT FROM audit_log a WHERE a.ref = c.id AND a.event IN ('registration_requested', 'login_challenged', 'step_up_challenged', 'password_reset_requested', 'phone_change_requested', 'phone_verification_requested'))`,
  'N2: a password that was reset, or changed, without an end of what was before': `
    SELECT u.id FROM users u
     WHERE u.auth_epoch < (SELECT count(*) FROM audit_log a WHERE a.user_id = u.id AND a.event IN ('authn_password_change', 'password_reset_completed'))`,
  'a transaction older than 10 s': `
    SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND xact_start < clock_timestamp() - interval '10 seconds'`,
};

/** @returns every rule that does not hold, with the rows that break it; empty when all is well */
export async function brokenRules(database: Pool): Promise<Record<string, unknown[]>> {
  const found: Record<string, unknown[]> = {};
  for (const [rule, text] of Object.entries(broken)) {
    const { rows } = await database.query<Record<string, unknown>>(text);
    if (rows.length > 0) found[rule] = rows;
  }
  return found;
}
