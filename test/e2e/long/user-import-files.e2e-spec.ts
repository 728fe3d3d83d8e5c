// Files as they come, from spreadsheets, with damage, and made to do harm. Each test has its own numbers.
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { hashSync } from 'bcrypt';
import { PASSWORD } from '../../support/accounts';
import { runCli } from '../../support/cli';
import { accountOf, freshMobiles, ImportFolder, importUsers, reportOf } from '../../support/import-file';
import { startSystem, type System } from '../../support/instance';

let system: System;
const folder = new ImportFolder();
const passwordHash = hashSync(PASSWORD, 4);
/** A number that no other test has. */
const fresh = freshMobiles();

beforeAll(async () => {
  system = await startSystem();
});

afterAll(async () => {
  await system.stop();
  folder.remove();
});

const account = (phone: string) => accountOf(system, phone);

it('CSV of a spreadsheet: byte order mark, CRLF, semicolons, quotes, lines inside quotes, other names', async () => {
  const [a, b] = [fresh(), fresh()];
  const lines = [
    'Tel;hash;displayName;Notes',
    `"${a}";${passwordHash};"Ann ""B""; C";"likes\r\n${fresh()};${passwordHash};Mallory;`,
    'quotes"',
    '',
    `${b};${passwordHash};;`,
    `${fresh()};${passwordHash};a"b;`,
  ];
  const file = folder.file('people.csv', Buffer.from(`\ufeff${lines.join('\r\n')}`));
  const options = ['--delimiter', ';', '--map', 'Tel=phone', '--map', 'hash=passwordHash', '--ignore-unknown'];
  const result = await importUsers(system, file, ...options);
  expect(result).toMatchObject({ imported: 2 });
  expect(reportOf(result)).toEqual(['7 csv_malformed']);
  expect(await account(a)).toMatchObject({ display_name: 'Ann "B"; C' });
});

it.each([
  ['a binary file', Buffer.from(Array.from({ length: 5000 }, (_, at) => (at * 37) % 256)), /1 \w+/],
  ['UTF-8 that is none', Buffer.from([0x7b, 0x22, 0xc3, 0x28, 0x22, 0x7d]), /^1 encoding_invalid$/],
  ['NUL in JSON', Buffer.from('{"phone":"+49\u0000"}'), /^1 json_malformed$/],
  ['NUL written in JSON', '{"phone":"+49","displayName":"a\\u0000b"}', /^1 phone_not_supported$/],
  ['a hundred thousand brackets', '['.repeat(60_000), /^1 json_malformed$/],
])('%s is refused line by line', async (name, content, expected) => {
  const result = await importUsers(system, folder.file(`${name}.jsonl`, content));
  expect(result.imported).toBe(0);
  expect(reportOf(result)[0]).toMatch(expected);
});

it('a line of 100 MB is one refused line, read without being kept', async () => {
  const phone = fresh();
  const file = folder.free('long.jsonl');
  const stream = createWriteStream(file);
  stream.write('{"phone":"');
  for (let written = 0; written < 100; written += 1) stream.write('9'.repeat(1024 * 1024));
  stream.end(`"}\n${JSON.stringify({ phone, passwordHash })}\n`);
  await finished(stream);
  const result = await importUsers(system, file);
  expect(result).toMatchObject({ imported: 1, lines: 2 });
  expect(reportOf(result)).toEqual(['1 line_too_long']);
});

it.each([
  ['no file', undefined, 'there is no file'],
  ['UTF-16', Buffer.from('\ufeff{"phone":1}', 'utf16le'), 'is in UTF-16'],
  ['gzip', Buffer.from([0x1f, 0x8b, 8, 0]), 'is compressed'],
  ['CSV without a column phone', 'email,passwordHash\na,b\n', 'there is no column phone'],
  ['CSV with a column nobody knows', 'phone,isAdmin\n+1,1\n', 'unknown columns: "isAdmin"'],
  ['CSV with a column twice', 'phone,phone\n+1,1\n', 'a column is there twice'],
])('%s: one line that says so, and nothing is begun', async (name, content, message) => {
  const path = content === undefined ? folder.free('nothing.jsonl') : folder.file(`${name}.csv`, content);
  const before = await system.database.query('SELECT id FROM user_imports');
  const { code, stderr } = await runCli(system.env, ['users', 'import', path]);
  expect({ code, lines: stderr.trim().split('\n').length }).toEqual({ code: 1, lines: 1 });
  expect(stderr).toContain(message);
  expect((await system.database.query('SELECT id FROM user_imports')).rowCount).toBe(before.rowCount);
});

it('a --map onto a field that is not ours is refused, also where unknown fields are passed over', async () => {
  const phone = fresh();
  const file = folder.file('mistyped.jsonl', [{ phone, hash: passwordHash }]);
  const options = ['--ignore-unknown', '--without-password', '--map'];
  const { code, stderr } = await runCli(system.env, ['users', 'import', file, ...options, 'hash=passwordHsh']);
  expect([code, stderr]).toEqual([1, expect.stringMatching(/^latchkey: [^\n]*--map [^\n]* passwordHash,[^\n]*\n$/)]);
  expect(await account(phone)).toBeUndefined();
  expect(await importUsers(system, file, ...options, 'hash=passwordHash')).toMatchObject({ imported: 1 });
  expect((await account(phone))?.['password_hash']).not.toBe('none');
});

it('a direct address of the database that is away is told in one line with its setting', async () => {
  const away = { ...system.env, DATABASE_DIRECT_URL: 'postgres://nobody@127.0.0.1:1/none' };
  const { code, stderr } = await runCli(away, ['users', 'import', folder.file('away.jsonl', [{ phone: fresh() }])]);
  expect([code, stderr]).toEqual([1, expect.stringMatching(/^latchkey: [^\n]* check DATABASE_DIRECT_URL[^\n]*\n$/)]);
});

it('an empty file is through at once', async () => {
  expect(await importUsers(system, folder.file('empty.jsonl', ''))).toMatchObject({ imported: 0, refused: 0 });
  expect(await importUsers(system, folder.file('header.csv', 'phone,passwordHash'))).toMatchObject({
    imported: 0,
    refused: 0,
  });
});
