// The queue, for tests in which a job runs more than once: the pauses between its runs are cut short.
import { setTimeout as sleep } from 'node:timers/promises';
import type { ClientBase, Pool } from 'pg';
import type { System } from './instance';

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
    while (!this.system.logs().includes(`\\"${this.name}\\"`)) await sleep(20);
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
  while ((await database.query(`SELECT ${WAITING} AND attempts >= $1`, [times])).rowCount === 0) {
    await hurry(database);
    await sleep(20);
  }
}

/** Until no job is left. */
export async function allRun({ database }: System): Promise<void> {
  while (((await database.query(`SELECT FROM ${JOBS}`)).rowCount ?? 0) > 0) {
    await hurry(database);
    await sleep(20);
  }
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
