// Accounts of another system: brought in by the command line, they log in over HTTP with the password they had.
import { existsSync, readdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { logIn, PASSWORD } from '../../support/accounts';
import { cliRecords, runCli } from '../../support/cli';
import { foreignHashes } from '../../support/foreign-hashes';
import { ImportFolder, importUsers, mobile, reportOf } from '../../support/import-file';
import { startSystem, type System } from '../../support/instance';
import { waitingForLocks, whileHeld } from '../../support/locks';
import { until } from '../../support/patience';
import { Program } from '../../support/program';

let system: System;
const folder = new ImportFolder();
const hashes = foreignHashes(PASSWORD);

beforeAll(async () => {
  system = await startSystem();
});

afterAll(async () => {
  await system.stop();
  folder.remove();
});

const login = (phone: string, password: string) =>
  system.api.post('/v1/auth/login', { identifier: phone, password }).then(({ status }) => status);

async function stored(phone: string): Promise<string | undefined> {
  const { rows } = await system.database.query<{ password_hash: string }>(
    'SELECT password_hash FROM users WHERE phone = $1',
    [phone],
  );
  return rows[0]?.password_hash;
}

it('brings accounts in, says which lines it refused and why, and has nothing left to do when it runs again', async () => {
  const people = hashes.map(({ hash }, at) => ({ phone: mobile(at), passwordHash: hash, displayName: `Person ${at}` }));
  const file = folder.file('people.jsonl', [
    ...people,
    { phone: mobile(0), passwordHash: hashes[0]?.hash },
    { phone: '+49 30 123456', passwordHash: hashes[0]?.hash },
    { phone: mobile(90), passwordHash: '$2b$31$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW' },
  ]);
  const count = people.length;
  const first = await importUsers(system, file);
  expect(first).toMatchObject({ run: 'begun', lines: count + 3, imported: count, refused: 3 });
  expect(reportOf(first)).toEqual([
    `${count + 1} phone_duplicate`,
    `${count + 2} phone_not_supported`,
    `${count + 3} password_hash_too_costly`,
  ]);
  expect(await importUsers(system, file)).toMatchObject({ run: 'done', imported: count, refused: 3 });
});

it('a file that is through is gone through again only when it is told to; one that was begun is gone on with, told to or not', async () => {
  const passwordHash = hashes[0]?.hash;
  const file = folder.file('twice.jsonl', [
    { phone: mobile(91), passwordHash },
    { phone: mobile(92), passwordHash },
  ]);
  expect(await importUsers(system, file)).toMatchObject({ run: 'begun', imported: 2, refused: 0 });
  const second = await importUsers(system, file, '--again');
  expect(second).toMatchObject({ run: 'begun', imported: 0, refused: 2 });
  expect(reportOf(second)).toEqual(['1 phone_taken', '2 phone_taken']);
  const stopped = `UPDATE user_imports i SET finished_at = NULL, done_bytes = 0, done_lines = 0, refused = 0 FROM user_import_refusals r WHERE r.import_id = i.id AND r.code = 'phone_taken' AND i.imported = 0`;
  for (const options of [[], ['--again']]) {
    expect((await system.database.query(stopped)).rowCount).toBe(1);
    await system.database.query(`DELETE FROM user_import_refusals WHERE code = 'phone_taken'`);
    expect(await importUsers(system, file, ...options)).toMatchObject({ run: 'resumed', imported: 0, refused: 2 });
  }
});

it('a report that cannot be made any more stays as it is, and the command says so', async () => {
  const file = folder.file('reported.jsonl', [{ phone: 'none' }, { phone: 'none either' }]);
  const first = await importUsers(system, file);
  const lines = reportOf(first);
  expect(lines).toHaveLength(2);
  // As retention does in time, a batch of them after the other.
  await system.database.query(`DELETE FROM user_import_refusals WHERE code = 'phone_not_supported' AND line = 1`);
  expect(await importUsers(system, file)).toMatchObject({ run: 'done', refused: 2, codes: [], report: null });
  const { code, stdout } = await runCli(system.env, ['users', 'import', file]);
  expect([code, stdout]).toEqual([0, expect.stringContaining(`${String(first.report)} was left as it is`)]);
  expect(reportOf(first)).toEqual(lines);
});

it.each(hashes.map(({ scheme }, at) => ({ scheme, phone: mobile(at) })))(
  'a person whose hash is of $scheme logs in with the old password, and has one of ours from then on',
  async ({ phone }) => {
    expect(await stored(phone)).toMatch(/^f1\$/);
    expect(await login(phone, `${PASSWORD}!`)).toBe(401);
    expect(await stored(phone)).toMatch(/^f1\$/);
    const { user } = await logIn(system, phone);
    expect(user).toMatchObject({ displayName: expect.stringContaining('Person') as string });
    expect(await stored(phone)).toMatch(/^v1\$/);
    expect(await login(phone, `${PASSWORD}!`)).toBe(401);
  },
);

it('exports all accounts', async () => {
  const [whole] = await cliRecords(system.env, 'users', 'export', '--hashes');
  expect(whole).toMatchObject({
    phone: mobile(0),
    status: 'active',
    passwordHash: expect.stringMatching(/^v1\$/) as string,
  });
});

it('an export that is interrupted leaves no part of it behind, and none is ever under the name of the whole', async () => {
  const file = folder.free('interrupted.jsonl');
  const beside = (): string[] => readdirSync(dirname(file)).filter((name) => name.startsWith('interrupted'));
  const [ended] = await whileHeld(system.database, ['LOCK TABLE users IN ACCESS EXCLUSIVE MODE'], async () => {
    const begun = new Program('cli.js', system.env, { alone: true, args: ['users', 'export', file] });
    const isReading = async () => beside().length > 0 && (await waitingForLocks(system.database, 'users')) > 0;
    await until(isReading, 'an export that has begun', 30_000, 5);
    expect(existsSync(file)).toBe(false);
    begun.kill('SIGINT');
    return [await begun.exited] as const;
  });
  expect(ended.code).toBe(1);
  expect(beside()).toEqual([]);
});
