// Fills a database with a backup, inside the caller's transaction. When anything fails, the caller rolls back, and nothing has changed.
import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import { type Client, escapeIdentifier } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { OperatorError } from '../../platform/process/operator-error';
import { JOB_COLUMNS, JOBS } from './backup-file.types';
import { type BackupTable, copyTarget, migrationsOf, tablesOf } from './backup-tables';
import type { BackupReader } from './read-backup';

/** Ids that may have been given after the backup are skipped. Otherwise a receiver of the audit log would take a new event for one it knows. */
const SEQUENCE_GAP = 1_000_000;

// All loaded rows of the audit log get the id of this transaction, since old transaction ids mean nothing on this server. Their own ids order them.
const transactionIdsText = `
  SELECT c.relname AS table, a.attname AS column FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
   WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.atttypid = 'xid8'::regtype AND NOT a.atthasdef`;
const sequencesText = `
  SELECT c.relname AS table, a.attname AS column FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
   WHERE c.relnamespace = 'public'::regnamespace AND a.attidentity <> ''`;
const addJobsText = `
  SELECT graphile_worker.add_job(identifier, payload, queue_name := queue_name, run_at := run_at, max_attempts := max_attempts, job_key := key, priority := priority)
    FROM backup_jobs WHERE $1::text[] IS NULL OR identifier = ANY ($1)`;
const dropPostedText = `DELETE FROM job_outbox WHERE name <> ALL ($1::text[])`;

/**
 * @param kept names of the jobs to load; undefined loads all
 * @returns the number of rows. @throws OperatorError when the backup is of another schema, or damaged; the driver's errors
 */
export async function loadBackup(client: Client, reader: BackupReader, kept?: readonly string[]): Promise<number> {
  const [ours, theirs] = [await migrationsOf(client), reader.header.migrations];
  if (ours.join() !== theirs.join()) {
    throw new OperatorError('the backup is of another version: restore it with the build that made it, then migrate');
  }
  const tables = await tablesOf(client);
  await switchTriggers(client, tables, 'DISABLE');
  await client.query(`TRUNCATE ${tables.map(({ name }) => escapeIdentifier(name)).join(', ')}`);
  await client.query('DELETE FROM graphile_worker._private_jobs');
  await client.query(
    `CREATE TEMP TABLE backup_jobs (identifier text, payload json, queue_name text, run_at timestamptz, max_attempts int, key text, priority int) ON COMMIT DROP`,
  );
  const settle = await withTransactionIds(client);
  let count = 0;
  for await (const { table, rows } of reader.sections()) count += await copyRows(client, target(table, tables), rows);
  await settle();
  await advanceSequences(client);
  await client.query(addJobsText, [kept ?? null]);
  if (kept !== undefined) await client.query(dropPostedText, [kept]);
  await switchTriggers(client, tables, 'ENABLE');
  return count;
}

/** Only names that the database itself has told us go into a statement. */
function target({ name, columns }: BackupTable, tables: readonly BackupTable[]): string {
  if (name === JOBS) return `backup_jobs (${JOB_COLUMNS.join(', ')})`;
  const known = tables.find((table) => table.name === name);
  if (known?.columns.join() === columns.join()) return copyTarget(known);
  throw new OperatorError(`the backup has a table that this schema has not: ${JSON.stringify(name)}`);
}

async function copyRows(client: Client, into: string, rows: AsyncGenerator<string>): Promise<number> {
  const stream = client.query(copyFrom(`COPY ${into} FROM STDIN`));
  const written = finished(stream);
  written.catch(() => undefined); // the error is reported below
  try {
    for await (const row of rows) if (!stream.write(`${row}\n`)) await Promise.race([once(stream, 'drain'), written]);
    stream.end();
  } catch (error) {
    stream.destroy(error as Error);
    await written.catch(() => undefined);
    throw error;
  }
  await written;
  return stream.rowCount;
}

/** Triggers keep rows of the audit log from being written by hand. A restore, done by the tables' owner, has to switch them off. */
async function switchTriggers(client: Client, tables: readonly BackupTable[], to: 'ENABLE' | 'DISABLE'): Promise<void> {
  for (const { name } of tables) await client.query(`ALTER TABLE ${escapeIdentifier(name)} ${to} TRIGGER USER`);
}

async function withTransactionIds(client: Client): Promise<() => Promise<void>> {
  const { rows } = await client.query<{ table: string; column: string }>(transactionIdsText);
  const alter = async (change: string): Promise<void> => {
    for (const { table, column } of rows)
      await client.query(`ALTER TABLE ${escapeIdentifier(table)} ALTER COLUMN ${escapeIdentifier(column)} ${change}`);
  };
  await alter('SET DEFAULT pg_current_xact_id()');
  return () => alter('DROP DEFAULT');
}

async function advanceSequences(client: Client): Promise<void> {
  const { rows } = await client.query<{ table: string; column: string }>(sequencesText);
  for (const { table, column } of rows) {
    await client.query(
      `SELECT setval(pg_get_serial_sequence($1, $2), coalesce(max(${escapeIdentifier(column)}), 0) + ${SEQUENCE_GAP}) FROM ${escapeIdentifier(table)}`,
      [`public.${table}`, column],
    );
  }
}
