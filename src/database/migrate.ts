// Brings a database to the schema of this build: our migrations and those of the job queue, under one session lock, so
// that of several starts at once one migrates and the others wait for it (case F28). Needs a direct connection: a
// transaction-pooling proxy does not carry session locks.
import { Logger, runMigrations } from 'graphile-worker';
import { Client } from 'pg';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { OperatorError } from '../platform/process/operator-error';
import { grantToApp } from './app-role';
import { dataSourceOptions } from './data-source';

/** Key of the advisory lock; any number would do as long as every version uses the same. */
const MIGRATION_LOCK = '7809644627822372171';

/** Schema in which the job queue keeps its tables (its own default). */
const QUEUE_SCHEMA = 'graphile_worker';

const silent = new Logger(() => () => undefined);

/**
 * @param url direct connection of an account that may create tables
 * @param onProgress told what happens, one short line each
 * @param appRole who uses the tables, when that is another account: it is granted what it needs, every time
 * @returns names of the migrations that were run, oldest first; empty when there was nothing to do
 * @throws OperatorError when the database cannot be reached; the driver's error when a migration fails (it is rolled
 * back, those before it stay)
 */
export function migrate(url: string, onProgress: (line: string) => void, appRole?: string): Promise<string[]> {
  return underLock(url, onProgress, async (client) => {
    const done = await withDataSource(url, (dataSource) => dataSource.runMigrations({ transaction: 'each' }));
    for (const { name } of done) onProgress(`migrated ${name}`);
    await migrateQueue(url);
    if (appRole !== undefined) await grantToApp(client, appRole);
    return done.map(({ name }) => name);
  });
}

/** Undoes everything, newest first. For tests: it empties the database. */
export function revertAll(url: string): Promise<void> {
  return underLock(
    url,
    () => undefined,
    () =>
      withDataSource(url, async (dataSource) => {
        await dataSource.query(`DROP SCHEMA IF EXISTS ${QUEUE_SCHEMA} CASCADE`);
        const applied = await appliedMigrations(dataSource);
        for (let left = applied.size; left > 0; left -= 1) await dataSource.undoLastMigration({ transaction: 'each' });
      }),
  );
}

/** @returns names of the migrations of this build that the database lacks; for readiness: not ready while behind. */
export async function pendingMigrations(dataSource: DataSource): Promise<string[]> {
  const applied = await appliedMigrations(dataSource);
  const names = dataSource.migrations.map((migration) => migration.name ?? migration.constructor.name);
  return names.filter((name) => !applied.has(name));
}

async function appliedMigrations(dataSource: DataSource): Promise<Set<string>> {
  const table = dataSource.options.migrationsTableName ?? 'migrations';
  const [found] = await dataSource.query<{ found: string | null }[]>('SELECT to_regclass($1)::text AS found', [table]);
  if (typeof found?.found !== 'string') return new Set();
  const rows = await dataSource.query<{ name: string }[]>(`SELECT name FROM ${table}`);
  return new Set(rows.map(({ name }) => name));
}

async function underLock<T>(
  url: string,
  onProgress: (line: string) => void,
  work: (client: Client) => Promise<T>,
): Promise<T> {
  const client = new Client({ connectionString: url, application_name: 'latchkey-migrate', keepAlive: true });
  let lost: Error | undefined;
  client.on('error', (error) => (lost = error));
  await client.connect().catch((error: Error) => {
    throw new OperatorError(`the database cannot be reached (${reason(error)})`);
  });
  try {
    const { rows } = await client.query<{ got: boolean }>('SELECT pg_try_advisory_lock($1) AS got', [MIGRATION_LOCK]);
    if (rows[0]?.got !== true) {
      onProgress('another process is migrating, waiting for it');
      await client.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    }
    const result = await work(client);
    if (lost !== undefined) throw lost;
    return result;
  } finally {
    await client.end().catch(() => undefined); // ends the session and with it the lock
  }
}

async function withDataSource<T>(url: string, work: (dataSource: DataSource) => Promise<T>): Promise<T> {
  const dataSource = new DataSource(patient(dataSourceOptions(url, () => undefined)));
  await dataSource.initialize();
  try {
    return await work(dataSource);
  } finally {
    await dataSource.destroy();
  }
}

/** A statement may take its time; waiting for a table lock may not, since every query behind it waits as well (F27). */
function patient(options: DataSourceOptions): DataSourceOptions {
  const extra = {
    ...(options.extra as object),
    statement_timeout: 0,
    query_timeout: 0,
    idle_in_transaction_session_timeout: 0,
  };
  return { ...options, poolSize: 2, extra } as DataSourceOptions;
}

async function migrateQueue(connectionString: string): Promise<void> {
  await runMigrations({ connectionString, maxPoolSize: 2, schema: QUEUE_SCHEMA, logger: silent });
}

/** pg's errors may carry several attempts (IPv4, IPv6) and then no message of their own. */
function reason(error: Error): string {
  const { code } = error as NodeJS.ErrnoException;
  return error.message || code || 'no reason given';
}
