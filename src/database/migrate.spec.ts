import { Client } from 'pg';
import { DataSource } from 'typeorm';
import { createDatabase, TestDatabase } from '../../test/support/database';
import { migratingOptions } from './data-source';
import { migrate, pendingMigrations } from './migrate';

describe('migrations', () => {
  let database: TestDatabase;

  beforeEach(async () => {
    database = await createDatabase({ empty: true });
  });

  afterEach(() => database.drop());

  const silently = (): void => undefined;

  async function tables(): Promise<string[]> {
    const client = new Client({ connectionString: database.url });
    await client.connect();
    const { rows } = await client.query<{ name: string }>(
      `SELECT table_schema || '.' || table_name AS name FROM information_schema.tables
       WHERE table_schema IN ('public', 'graphile_worker') ORDER BY 1`,
    );
    await client.end();
    return rows.map(({ name }) => name);
  }

  async function withDataSource<T>(work: (dataSource: DataSource) => Promise<T>): Promise<T> {
    const dataSource = await new DataSource(migratingOptions(database.url, silently)).initialize();
    try {
      return await work(dataSource);
    } finally {
      await dataSource.destroy();
    }
  }

  const pending = (): Promise<string[]> => withDataSource(pendingMigrations);

  /** Without transactions, since some steps refuse them, and TypeORM asks each step about that only on the way up. */
  async function undoAll(dataSource: DataSource): Promise<void> {
    await dataSource.query('DROP SCHEMA graphile_worker CASCADE');
    const { length } = dataSource.migrations;
    for (let left = length; left > 0; left -= 1) await dataSource.undoLastMigration({ transaction: 'none' });
  }

  it('make our tables and those of the queue, once', async () => {
    const first = await migrate(database.url, silently);
    expect(first[0]).toMatch(/^CreateUsers\d+$/);
    expect(await tables()).toEqual(expect.arrayContaining(['public.users', 'graphile_worker._private_jobs']));
    expect(await migrate(database.url, silently)).toEqual([]);
  });

  it('F28: run once when four processes start together: the others wait', async () => {
    const done = await Promise.all([1, 2, 3, 4].map(() => migrate(database.url, silently)));
    expect(done.filter((names) => names.length > 0)).toHaveLength(1);
    expect(await pending()).toEqual([]);
  });

  it('go down to nothing and up again to the same tables', async () => {
    await migrate(database.url, silently);
    const before = await tables();
    await withDataSource(undoAll);
    expect(await tables()).toEqual(['public.migrations']);
    await migrate(database.url, silently);
    expect(await tables()).toEqual(before);
  });

  it('are told as pending while the database is behind', async () => {
    expect(await pending()).toContain('CreateUsers1763700000001');
    await migrate(database.url, silently);
    expect(await pending()).toEqual([]);
  });

  it('say in one line that the database cannot be reached', async () => {
    await expect(migrate('postgres://nobody@127.0.0.1:1/none', silently)).rejects.toThrow(
      /^the database cannot be reached \([^\n]+\): check MIGRATION_DATABASE_URL, [^\n]+$/,
    );
  });
});
