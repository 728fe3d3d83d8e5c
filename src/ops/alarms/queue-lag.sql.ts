// Jobs that wait for a worker longer than they ever do while instances live (design section 2). One statement looks, raises and ends the alarm,
// so of all instances one tells it. It goes by the database's clock, as the queue does.
import { event, recordAudit } from '../../audit/audit.sql';
import { namedStatement } from '../../database/sql';
import { dueJobs } from '../../jobs/jobs.sql';

/** A message that its instance has left is with another within 15 s (D6), so this is no passing wait. */
const RAISED_BEYOND_SECONDS = 60;
const ENDED_BELOW_SECONDS = 15;
const ALARM = `'queue_lag'`;

export interface QueueLagRow {
  /** The job that has waited longest, and for how many seconds; null when none is due. */
  readonly job: string | null;
  readonly seconds: number | null;
  readonly begins: boolean;
  readonly ends: boolean;
}

export interface QueueLagParameters {
  readonly now: Date;
  /** For the audit row: an alarm belongs to no request. */
  readonly requestId: null;
  readonly address: null;
}

export const watchQueueLag = namedStatement<QueueLagParameters>(
  'watch_queue_lag',
  `WITH worst AS MATERIALIZED (
    SELECT job, extract(epoch FROM now() - due_at)::int AS seconds FROM (${dueJobs}) due WHERE due_at <= now() ORDER BY due_at LIMIT 1
  ), raised AS (
    INSERT INTO alarms AS a (name, raised_at) SELECT ${ALARM}, :now::timestamptz FROM worst WHERE seconds > ${RAISED_BEYOND_SECONDS}
    ON CONFLICT (name) DO UPDATE SET raised_at = excluded.raised_at, ended_at = NULL WHERE a.ended_at IS NOT NULL RETURNING a.name
  ), ended AS (
    UPDATE alarms a SET ended_at = :now::timestamptz
     WHERE a.name = ${ALARM} AND a.ended_at IS NULL AND NOT EXISTS (SELECT FROM worst WHERE seconds >= ${ENDED_BELOW_SECONDS}) RETURNING a.name
  ), noted AS (
    ${recordAudit({
      event: `CASE WHEN EXISTS (SELECT FROM raised) THEN ${event('queue_lag_alarm_raised')} ELSE ${event('queue_lag_alarm_ended')} END`,
      reason: `worst.job || ' has waited for ' || worst.seconds || ' s'`,
      from: 'FROM (SELECT 1) one LEFT JOIN worst ON true WHERE EXISTS (SELECT FROM raised) OR EXISTS (SELECT FROM ended)',
    })}
  )
  SELECT worst.job, worst.seconds, EXISTS (SELECT FROM raised) AS begins, EXISTS (SELECT FROM ended) AS ends
    FROM (SELECT 1) one LEFT JOIN worst ON true`,
);
