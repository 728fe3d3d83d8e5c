// Writes a backup from one snapshot of the database, which may be in use meanwhile. The backup waits for nobody, and nobody waits for it.
import { once } from 'node:events';
import { pipeline } from 'node:stream/promises';
import { createGzip, type Gzip } from 'node:zlib';
import type { Client } from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { NewFile } from '../../platform/process/new-file';
import { BackupHeader, END_OF_ROWS, FORMAT, JOB_COLUMNS, JOBS } from './backup-file.types';
import { copyTarget, migrationsOf, tablesOf } from './backup-tables';

const jobsText = `SELECT t.identifier, j.payload, q.queue_name, j.run_at, j.max_attempts, j.key, j.priority
  FROM graphile_worker._private_jobs j JOIN graphile_worker._private_tasks t ON t.id = j.task_id
  LEFT JOIN graphile_worker._private_job_queues q ON q.id = j.job_queue_id WHERE j.attempts < j.max_attempts ORDER BY j.id`;
const headText = `SELECT id AS database, mark::float8 AS mark, to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS at FROM database_state`;

export interface Written {
  readonly header: BackupHeader;
  readonly rows: number;
}

/**
 * @param client is of no use after a failure and must be ended: it may be in the middle of a COPY
 * @param path of the file. It appears there only when it is complete, and only its owner can read it.
 * @throws the errors of driver and file system
 */
export async function writeBackup(client: Client, path: string): Promise<Written> {
  const file = new NewFile(path);
  const zip = createGzip();
  const written = pipeline(zip, file.stream);
  written.catch(() => undefined); // the error is reported below
  try {
    const done = await inSnapshot(client, () => writeAll(client, zip));
    zip.end();
    await written;
    file.publish();
    return done;
  } catch (error) {
    zip.destroy();
    throw error;
  } finally {
    file.discard();
  }
}

/** A failure leaves the transaction open: while a COPY was not read to its end, the connection would never answer a ROLLBACK. */
async function inSnapshot<T>(client: Client, work: () => Promise<T>): Promise<T> {
  await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
  const done = await work();
  await client.query('ROLLBACK').catch(() => undefined);
  return done;
}

async function writeAll(client: Client, zip: Gzip): Promise<Written> {
  const { rows: heads } = await client.query<Omit<BackupHeader, 'format' | 'migrations'>>(headText);
  const [head] = heads;
  if (head === undefined) throw new Error('database_state is empty');
  const header: BackupHeader = { format: FORMAT, ...head, migrations: await migrationsOf(client) };
  await line(zip, JSON.stringify(header));
  let rows = 0;
  for (const table of await tablesOf(client)) {
    rows += await copyRows(client, zip, JSON.stringify(table), `COPY ${copyTarget(table)} TO STDOUT`);
  }
  const jobs = JSON.stringify({ name: JOBS, columns: JOB_COLUMNS });
  rows += await copyRows(client, zip, jobs, `COPY (${jobsText}) TO STDOUT`);
  await line(zip, JSON.stringify({ rows }));
  return { header, rows };
}

async function copyRows(client: Client, zip: Gzip, head: string, copy: string): Promise<number> {
  await line(zip, head);
  const stream = client.query(copyTo(copy));
  for await (const chunk of stream) await put(zip, chunk as Buffer);
  await line(zip, END_OF_ROWS);
  return stream.rowCount;
}

function line(zip: Gzip, text: string): Promise<void> {
  return put(zip, `${text}\n`);
}

/** @throws the error of the file, which destroys the stream as well: it would take and lose whatever is written then */
async function put(zip: Gzip, chunk: Buffer | string): Promise<void> {
  if (zip.errored !== null) throw zip.errored;
  if (!zip.write(chunk)) await once(zip, 'drain');
}
