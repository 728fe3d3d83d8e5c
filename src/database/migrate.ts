// Brings a database to the schema of this build: our migrations, then those of the job queue. A session lock makes one of several starts
// migrate while the others wait (case F28). A migration that does not get its table within a moment gives up and tries again, so that
// requests never queue behind it for long (F27, ADR 75).
import { Logger, runMigrations } from 'graphile-worker';
import { Pool } from 'pg';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { grantToApp } from './app-role';
import { migratingOptions } from './data-source';
import { LOCK_MILLISECONDS, patiently } from './lock-patience';
import { MIGRATING, underLock } from './migration-lock';

/** The schema of the job queue's tables; it is the engine's own default. */
const QUEUE_SCHEMA = 'graphile_worker';

const silent = new Logger(() => () => undefined);

/**
 * @param url direct connection of a role that may create tables
 * @param onProgress gets one short line for each thing that happens
 * @param appRole the role that uses the tables when it is not the same: it is granted its rights every time
 * @returns the names of the migrations that were run, oldest first; empty when there was nothing to do
 * @throws OperatorError when the database cannot be reached, or a table stays in use for five minutes; the driver's error when a migration
 * fails (that one is rolled back, those before it stay)
 */
export function migrate(url: string, onProgress: (line: string) => void, appRole?: string): Promise<string[]> {
  return underLock(url, onProgress, async (client) => {
    const done = await withDataSource(url, (dataSource) => runPending(dataSource, onProgress));
    const queue = (): Promise<string> => Promise.resolve("the queue's own migration");
    await patiently(() => migrateQueue(url), queue, onProgress);
    if (appRole !== undefined) await grantToApp(client, appRole, onProgress);
    return done;
  });
}

/** @returns names of the migrations of this build that the database lacks */
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

async function runPending(dataSource: DataSource, onProgress: (line: string) => void): Promise<string[]> {
  const wanted = await pendingMigrations(dataSource);
  await patiently(
    () => dataSource.runMigrations({ transaction: 'each' }),
    async () => (await pendingMigrations(dataSource))[0] ?? 'a migration',
    onProgress,
  );
  for (const name of wanted) onProgress(`migrated ${name}`);
  return wanted;
}

async function withDataSource<T>(url: string, work: (dataSource: DataSource) => Promise<T>): Promise<T> {
  const dataSource = new DataSource(patient(migratingOptions(url, () => undefined)));
  await dataSource.initialize();
  try {
    return await work(dataSource);
  } finally {
    await dataSource.destroy();
  }
}

/** A statement may take as long as it needs; only its wait for a lock is limited. */
function patient(options: DataSourceOptions): DataSourceOptions {
  const extra = {
    ...(options.extra as object),
    lock_timeout: LOCK_MILLISECONDS,
    statement_timeout: 0,
    query_timeout: 0,
    idle_in_transaction_session_timeout: 0,
  };
  return { ...options, applicationName: MIGRATING, poolSize: 2, extra } as DataSourceOptions;
}

async function migrateQueue(url: string): Promise<void> {
  const settings = { lock_timeout: LOCK_MILLISECONDS, application_name: MIGRATING, max: 2 };
  const pgPool = new Pool({ connectionString: url, ...settings });
  // A lost connection is reported to whoever uses it. But without listeners these events would end the process.
  const ignore = (): void => undefined;
  pgPool.on('error', ignore).on('connect', (client) => client.on('error', ignore));
  try {
    await runMigrations({ pgPool, schema: QUEUE_SCHEMA, logger: silent });
  } finally {
    await pgPool.end();
  }
}
