// Moves events from the audit log to the queue (ADR 52). The table audit_webhook has the place in the log up to which events were queued. Rows
// are read in the order (xact, id). Only rows are read whose transaction is older than every transaction of this database that still runs
// (ADR 99). Without that bound a row that is committed late would lie before the place already, and would never be delivered.
import { type AuditParameters, event, recordAudit } from '../../audit/audit.sql';
import { namedStatement, statement } from '../../database/sql';
import { addJob } from '../../jobs/jobs.sql';

export const WEBHOOK_JOB = 'audit_webhook';
/** At most so many deliveries run at a time, over all instances. A slow endpoint must not occupy the workers that send codes. */
const LANES = 4;
/** How many rows of the log one statement reads. */
export const BATCH = 500;
/** With so many deliveries in the queue no more are added. Later events wait in the log. */
const FULL = 1000;
/** Older events are not delivered any more. They can be read in the log. */
const TOLD_DAYS = 7;
/** About four days: the queue waits e, e^2 .. e^10 seconds and then e^10 (6 h) each time. */
const MAX_ATTEMPTS = 25;
const ALARM_MINUTES = 5;

const waiting = `graphile_worker.jobs j WHERE j.task_identifier = '${WEBHOOK_JOB}' AND j.attempts < j.max_attempts`;

/**
 * SQL of the oldest transaction that may still write to this database, as the statement's snapshot has it; if there is none, of the next one to
 * begin. A running transaction is left out only when its connection is found to be in another database, which a connection never changes.
 * A transaction that has ended since the snapshot is not found at all, and so it counts.
 */
const OPEN = `coalesce(
  (SELECT running FROM pg_snapshot_xip(pg_current_snapshot()) running
    WHERE running::xid NOT IN (
      SELECT backend_xid FROM pg_stat_activity WHERE datname <> current_database() AND backend_xid IS NOT NULL
      UNION ALL SELECT transaction FROM pg_prepared_xacts WHERE database <> current_database())
    ORDER BY running LIMIT 1),
  pg_snapshot_xmax(pg_current_snapshot()))`;

/**
 * Sets the place for the first time, and changes nothing later. $1 is the start of this process: requests may have made events between that and
 * this statement. Events from before the first start with a webhook are not delivered.
 */
export const begin = statement(
  'audit_webhook_begin',
  `WITH recorded AS MATERIALIZED (
     SELECT xact FROM audit_log WHERE at >= $1::timestamptz
   )
   INSERT INTO audit_webhook (xact, id) SELECT least((SELECT xact FROM recorded ORDER BY xact LIMIT 1), ${OPEN}), 0 ON CONFLICT DO NOTHING`,
);

/**
 * Runs on one instance at a time; the others skip the locked row. A place whose transaction lies in the future comes from a backup that was
 * made on another server; then reading begins at the oldest transaction that still runs here. The main query has to read `queued`:
 * otherwise PostgreSQL skips it and nothing is queued.
 */
export const relay = namedStatement<{ events: readonly string[]; now: Date }>(
  'audit_webhook_relay',
  `WITH open AS MATERIALIZED (
     SELECT ${OPEN} AS xact
   ), place AS MATERIALIZED (
     SELECT CASE WHEN w.xact > pg_snapshot_xmax(pg_current_snapshot()) THEN (SELECT xact FROM open) ELSE w.xact END AS xact,
            w.id, w.failing_since, w.alarmed FROM audit_webhook w FOR UPDATE SKIP LOCKED
   ), queue AS MATERIALIZED (
     SELECT count(*) AS length FROM ${waiting}
   ), next AS MATERIALIZED (
     SELECT a.id, a.xact, a.event = ANY (:events::text[]) AND a.at > :now::timestamptz - interval '${TOLD_DAYS} days' AS chosen FROM audit_log a
      WHERE (a.xact, a.id) > ((SELECT xact FROM place), (SELECT id FROM place)) AND a.xact < (SELECT xact FROM open)
        AND (SELECT length FROM queue) < ${FULL} ORDER BY a.xact, a.id LIMIT ${BATCH}
   ), queued AS MATERIALIZED (
     SELECT (${addJob({
       name: WEBHOOK_JOB,
       payload: `json_build_object('id', id::text)`,
       lane: `'${WEBHOOK_JOB}:' || id % ${LANES}`,
       maxAttempts: MAX_ATTEMPTS,
     })}).id FROM next WHERE chosen
   ), full_now AS (
     SELECT queue.length >= ${FULL} AND NOT place.alarmed AS alarm, queue.length < ${FULL / 2} AND place.failing_since IS NULL AS calm FROM place, queue
   ), moved AS (
     UPDATE audit_webhook w SET xact = coalesce(last.xact, place.xact), id = coalesce(last.id, w.id),
            alarmed = (w.alarmed OR full_now.alarm) AND NOT full_now.calm
       FROM place LEFT JOIN (SELECT xact, id FROM next ORDER BY xact DESC, id DESC LIMIT 1) last ON true, full_now
      WHERE last.id IS NOT NULL OR full_now.alarm OR (w.alarmed AND full_now.calm) OR w.xact <> place.xact
   ), noted AS (
     INSERT INTO audit_log (at, event, reason) SELECT :now::timestamptz, ${event('audit_webhook_failing')}, 'the queue is full' FROM full_now WHERE alarm
   )
   SELECT (SELECT count(*) FROM next)::int AS seen, (SELECT count(*) FROM queued)::int AS queued, coalesce((SELECT alarm FROM full_now), false) AS alarm`,
);

/** Notes a failure of the endpoint. `alarm` is true once when the endpoint has failed for 5 minutes, and not again until it has worked. */
export const failed = namedStatement<AuditParameters>(
  'audit_webhook_failed',
  `WITH was AS (
     SELECT coalesce(failing_since, :now::timestamptz) AS since, alarmed FROM audit_webhook FOR UPDATE
   ), due AS (
     SELECT NOT alarmed AND :now::timestamptz >= since + interval '${ALARM_MINUTES} minutes' AS alarm FROM was
   ), now_failing AS (
     UPDATE audit_webhook SET failing_since = was.since, alarmed = was.alarmed OR due.alarm FROM was, due
   ), noted AS (
     ${recordAudit({ event: event('audit_webhook_failing'), reason: `'no answer of success for ${ALARM_MINUTES} minutes'`, from: 'FROM due WHERE alarm' })}
   )
   SELECT alarm FROM due`,
);

/**
 * $1 now. Notes that the endpoint works. When it had failed for a minute or longer, the deliveries that wait for a later try are tried now. The
 * main query has to read `retried`: otherwise PostgreSQL skips it.
 */
export const worked = statement(
  'audit_webhook_worked',
  `WITH was AS MATERIALIZED (
     SELECT failing_since FROM audit_webhook WHERE failing_since IS NOT NULL FOR UPDATE
   ), again AS (
     UPDATE audit_webhook SET failing_since = NULL FROM was WHERE was.failing_since IS NOT NULL RETURNING was.failing_since
   ), retried AS MATERIALIZED (
     SELECT graphile_worker.reschedule_jobs((SELECT array_agg(j.id) FROM ${waiting} AND j.attempts > 0 AND j.run_at > now()), run_at := now()) FROM again
      WHERE again.failing_since <= $1::timestamptz - interval '1 minute'
   )
   SELECT count(*)::int AS retried FROM retried`,
);
