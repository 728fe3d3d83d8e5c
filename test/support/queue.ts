// The queue, for tests in which a job runs more than once: the pauses between its runs are cut short.
import type { ClientBase, Pool } from 'pg';
import type { System } from './instance';
import { until } from './patience';

/** In place of a table: what is not done yet, in the queue or begun by whoever was asked for it (ADR 89). Done jobs of these go 0.1 s later. */
export const JOBS = `(SELECT key, task_identifier, run_at, attempts, max_attempts, locked_by FROM graphile_worker.jobs
  UNION ALL SELECT key, name, now(), 0, max_attempts, 'outbox' FROM job_outbox) jobs`;

/** Rows that the database refuses for a while. */
export class Refusal {
  private static made = 0;

  private constructor(
    private readonly system: System,
    private readonly table: string,
    private readonly name: string,
  ) {}

  /** From now on whatever breaks this condition of a row of the table. */
  static async of(system: System, table: string, condition: string): Promise<Refusal> {
    const refusal = new Refusal(system, table, `refused_${(Refusal.made += 1)}`);
    await system.database.query(`ALTER TABLE ${table} ADD CONSTRAINT ${refusal.name} CHECK (${condition}) NOT VALID`);
    return refusal;
  }

  /** Until a program was refused something, and said so. */
  async met(): Promise<void> {
    await until(() => this.system.logs().includes(`\\"${this.name}\\"`), `a log line about ${this.name}`);
  }

  async end(): Promise<void> {
    await this.system.database.query(`ALTER TABLE ${this.table} DROP CONSTRAINT ${this.name}`);
  }
}

const WAITING = 'FROM graphile_worker.jobs WHERE locked_at IS NULL AND last_error IS NOT NULL';

/** Runs whatever waits for its next try at once. */
async function hurry(database: Pool): Promise<void> {
  await database.query(
    `SELECT graphile_worker.reschedule_jobs(ARRAY[id], run_at => now()), pg_notify('jobs:insert', '{"r":1,"count":1}') ${WAITING}`,
  );
}

/** Until a job has failed so often; it waits for its next try then, and no try is under way. */
export async function failedTimes({ database }: System, times: number): Promise<void> {
  const look = async (): Promise<boolean> => {
    if ((await database.query(`SELECT ${WAITING} AND attempts >= $1`, [times])).rowCount !== 0) return true;
    await hurry(database);
    return false;
  };
  await until(look, `failure ${times} of a job`, 45_000);
}

/** How many jobs are not done yet. @param condition SQL condition on JOBS */
export async function jobsLeft({ database }: System, condition = 'true'): Promise<number> {
  return (await database.query(`SELECT FROM ${JOBS} WHERE ${condition}`)).rowCount ?? 0;
}

/** Until no job is left, each run when it is due. */
export async function idle(system: System, ms = 45_000): Promise<void> {
  await until(async () => (await jobsLeft(system)) === 0, 'an empty queue', ms);
}

/** Until no job is left, and none waits for its time. */
export async function allRun(system: System): Promise<void> {
  const look = async (): Promise<boolean> => {
    if ((await jobsLeft(system)) === 0) return true;
    await hurry(system.database);
    return false;
  };
  // Others have the jobs of a killed worker after 10 to 14 s, and a slow vendor takes its time with them.
  await until(look, 'an empty queue', 45_000);
}

/**
 * As if whoever was killed had been silent for as long as others wait for. Only while no instance runs. A true silence, after which others have the
 * jobs, is waited for in races/job-crash (those of the queue) and faults/long/failover-crash (those of the outbox), which must not use this.
 */
export async function longSilent({ database }: System): Promise<void> {
  await database.query(`UPDATE worker_heartbeats SET seen_at = seen_at - interval '11 seconds';
    UPDATE graphile_worker._private_jobs SET locked_at = locked_at - interval '11 seconds' WHERE locked_at IS NOT NULL;
    UPDATE job_outbox SET is_called = true, due_at = clock_timestamp()`);
}

/** Runs a job of the queue by its name, on whichever instance takes it, and waits for its end. @throws Error when it has failed at every attempt */
export async function runJob({ database }: System, name: string, { times = 1, attempts = 1 } = {}): Promise<void> {
  const { rows } = await database.query<{ id: string }>(
    `SELECT (graphile_worker.add_job($1, max_attempts := $3)).id FROM generate_series(1, $2::int)`,
    [name, times, attempts],
  );
  const ids = rows.map(({ id }) => id);
  const look = `SELECT count(*)::int AS left, max(last_error) FILTER (WHERE attempts = max_attempts AND locked_at IS NULL) AS error
    FROM graphile_worker._private_jobs WHERE id = ANY ($1::bigint[])`;
  const isDone = async (): Promise<boolean> => {
    const [job] = (await database.query<{ left: number; error: string | null }>(look, [ids])).rows;
    if (job?.error) throw new Error(`${name}: ${job.error}`);
    return job?.left === 0;
  };
  await until(isDone, `the end of the job ${name}`);
}

/** The job of a send of the newest challenge of a number runs once more, as after a crash. @param database may be a transaction */
export async function queueAgain(
  { database }: { readonly database: Pick<ClientBase, 'query'> },
  phone: string,
  send = 1,
): Promise<void> {
  await database.query(
    `SELECT graphile_worker.add_job('sms', json_build_object('source', 'code', 'id', id, 'send', $2::int))
       FROM otp_attempts WHERE phone = $1 ORDER BY created_at DESC LIMIT 1`,
    [phone, send],
  );
}
