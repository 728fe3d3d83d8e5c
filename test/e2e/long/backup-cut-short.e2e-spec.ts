// A backup that cannot be written to its end, or is told to stop, ends and leaves nothing of itself.
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCli } from '../../support/cli';
import { like } from '../../support/expected';
import { openDatabase, type OpenDatabase } from '../../support/database';
import { until } from '../../support/patience';
import { Program } from '../../support/program';

describe('a backup', () => {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-backup-'));
  const backups = mkdtempSync(join(tmpdir(), 'latchkey-backups-'));
  const file = join(backups, 'a.backup');
  let database: OpenDatabase;
  let env: Record<string, string>;

  const snapshots = async (): Promise<number> => {
    const { rows } = await database.client.query<{ n: number }>(
      `SELECT count(*)::int AS n FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'latchkey-owner'`,
    );
    return rows[0]?.n ?? -1;
  };

  // More than the buffers between the database and the file hold, and nothing that becomes small.
  beforeAll(async () => {
    database = await openDatabase();
    await database.client.query(
      `INSERT INTO audit_log (at, event, request_id) SELECT now(), 'x', string_agg(gen_random_uuid()::text, '') FROM generate_series(1, 600000) n GROUP BY n / 20`,
    );
    env = { DATABASE_URL: database.url, LATCHKEY_DIR: folder, NODE_ENV: 'development' };
  }, 120_000);
  afterAll(async () => {
    await database.close();
    for (const made of [folder, backups]) rmSync(made, { recursive: true, force: true });
  });
  afterEach(() => {
    for (const name of readdirSync(backups)) rmSync(join(backups, name));
  });

  it('ends when the disk is full, says so, and leaves nothing behind, neither a file nor its snapshot', async () => {
    const { code, stderr } = await runCli(env, ['backup', file], { largestFileBytes: 512 * 1024 });
    expect([code, stderr]).toEqual([1, like(/^latchkey: EFBIG: file too large, write\n$/)]);
    expect(readdirSync(backups)).toEqual([]);
    await until(async () => (await snapshots()) === 0, 'the end of the snapshot');
  }, 60_000);

  it('that is told to stop leaves nothing behind', async () => {
    await database.client.query('BEGIN; LOCK TABLE users IN ACCESS EXCLUSIVE MODE');
    const program = new Program('cli.js', env, { alone: true, args: ['backup', file] });
    await until(() => readdirSync(backups).length === 1, 'the draft');
    program.kill('SIGTERM');
    expect((await program.exited).code).toBe(1);
    await database.client.query('ROLLBACK');
    expect(readdirSync(backups)).toEqual([]);
  }, 60_000);

  it('is made where a former one was killed, whose draft goes; that of one that is being made stays', async () => {
    const killed = new Program('cli.js', env, { alone: true, args: ['--help'] });
    await killed.exited;
    for (const pid of [killed.pid, process.pid]) writeFileSync(`${file}.${pid}.tmp`, 'a part');
    expect((await runCli(env, ['backup', file])).code).toBe(0);
    expect(readdirSync(backups)).toEqual(['a.backup', `a.backup.${process.pid}.tmp`]);
  }, 60_000);
});
