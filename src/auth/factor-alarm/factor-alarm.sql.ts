// The ratio of failed second factors over all accounts (security.md 5.4). It is read from the audit log by index, because the statements
// that count an attempt record it there. So no attempt writes a row that all share. One statement looks, raises and ends the alarm. The
// instance that changes it writes the audit row; one that comes at the same moment sees the same. Raising and ending have different
// thresholds: an alarm lasts one window at least, then until the ratio or the number of attempts is below half of its threshold.
import { event, recordAudit } from '../../audit/audit.sql';
import type { AuditEventName } from '../../audit/audit.types';
import { namedStatement } from '../../database/sql';

export interface FactorAlarmParameters {
  readonly now: Date;
  readonly seconds: number;
  /** With fewer attempts no alarm is raised. */
  readonly least: number;
  readonly percent: number;
  /** For the audit row: an alarm belongs to no request. */
  readonly requestId: null;
  readonly address: null;
}

/**
 * Both name the challenge in `ref`. A code that a vendor checks is first recorded as spent: it counts as wrong unless a right one follows
 * (protocol.md 5).
 */
const wrong: readonly AuditEventName[] = ['otp_fail', 'otp_spent'];
const right: readonly AuditEventName[] = [
  'otp_success',
  'step_up',
  'recovery_used',
  'user_created',
  'register_conflict',
  'phone_verified',
  'phone_change_completed',
  'phone_change_conflict',
  'phone_rebind_proved',
  'email_change_completed',
  'email_change_conflict',
];
const list = (names: readonly AuditEventName[]): string => names.map(event).join(', ');
const ALARM = `'second_factor_failures'`;

export const watchFactors = namedStatement<FactorAlarmParameters>(
  'watch_factors',
  `WITH challenge AS MATERIALIZED (
    SELECT count(*) FILTER (WHERE event IN (${list(wrong)})) AS wrong,
           bool_or(event IN (${list(right)}))::int AS solved,
           (bool_or(event = ${event('otp_spent')}) AND bool_or(event IN (${list(right)})))::int AS approved
      FROM audit_log WHERE event IN (${list([...wrong, ...right])}) AND ref IS NOT NULL
       AND at > :now::timestamptz - make_interval(secs => :seconds::int) AND at <= :now::timestamptz GROUP BY ref
  ), seen AS MATERIALIZED (
    SELECT coalesce(sum(wrong - approved), 0)::int AS failed, coalesce(sum(wrong - approved + solved), 0)::int AS attempts FROM challenge
  ), judged AS MATERIALIZED (
    SELECT *, attempts >= :least::int AND failed * 100.0 > attempts * :percent::int AS high,
           attempts * 2 >= :least::int AND failed * 200.0 > attempts * :percent::int AS lasting FROM seen
  ), standing AS MATERIALIZED (
    SELECT raised_at FROM alarms WHERE name = ${ALARM} AND ended_at IS NULL
  ), over AS MATERIALIZED (
    SELECT FROM standing, judged WHERE NOT lasting AND raised_at <= :now::timestamptz - make_interval(secs => :seconds::int)
  ), raised AS (
    INSERT INTO alarms AS a (name, raised_at) SELECT ${ALARM}, :now::timestamptz FROM judged WHERE high AND NOT EXISTS (SELECT FROM standing)
    ON CONFLICT (name) DO UPDATE SET raised_at = excluded.raised_at, ended_at = NULL WHERE a.ended_at IS NOT NULL
    RETURNING a.raised_at
  ), ended AS (
    UPDATE alarms a SET ended_at = :now::timestamptz FROM over WHERE a.name = ${ALARM} AND a.ended_at IS NULL RETURNING a.name
  ), noted AS (
    ${recordAudit({
      event: `CASE WHEN EXISTS (SELECT FROM raised) THEN ${event('second_factor_alarm_raised')} ELSE ${event('second_factor_alarm_ended')} END`,
      reason: `judged.failed || ' of ' || judged.attempts || ' attempts failed'`,
      from: 'FROM judged WHERE EXISTS (SELECT FROM raised) OR EXISTS (SELECT FROM ended)',
    })}
  )
  SELECT failed, attempts, EXISTS (SELECT FROM raised) AS begins, EXISTS (SELECT FROM ended) AS ends,
         CASE WHEN high THEN coalesce((SELECT raised_at FROM raised), (SELECT raised_at FROM standing), :now::timestamptz)
              WHEN NOT EXISTS (SELECT FROM over) THEN (SELECT raised_at FROM standing) END AS "raisedAt"
    FROM judged`,
);
