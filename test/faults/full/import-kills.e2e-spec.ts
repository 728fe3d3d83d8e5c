// An import that is killed at any point goes on where it was: every line is imported or refused, once (N11 for a million rows as for ten).
// IMPORT_KILLS: how often it is killed; IMPORT_ROWS: lines of the file.
import { hashSync } from 'bcrypt';
import { chanceOf } from '../../support/chance';
import { cliRecords } from '../../support/cli';
import { ImportFolder, importUsers, mobile, reportOf } from '../../support/import-file';
import { startSystem, type System } from '../../support/instance';
import { until } from '../../support/patience';
import { Program } from '../../support/program';

const KILLS = Number(process.env['IMPORT_KILLS'] ?? 5);
const ROWS = Number(process.env['IMPORT_ROWS'] ?? 20_000);
const passwordHash = hashSync('their password', 4);
const chance = chanceOf('import');
const folder = new ImportFolder();
let system: System;

beforeAll(async () => {
  system = await startSystem();
});

afterAll(async () => {
  await system.stop();
  folder.remove();
});

interface Standing {
  readonly doneBytes: number;
  readonly doneLines: number;
  readonly imported: number;
  readonly refused: number;
}

async function standing(): Promise<Standing | undefined> {
  const { rows } = await system.database.query<Standing>(
    'SELECT done_bytes::float8 AS "doneBytes", done_lines::float8 AS "doneLines", imported::float8, refused::float8 FROM user_imports',
  );
  return rows[0];
}

/** What the database has of the import by itself, without what it says of it. */
async function counted() {
  const { rows } = await system.database.query<{ accounts: number; audited: number; refused: number }>(
    `SELECT (SELECT count(*)::int FROM users) AS accounts, (SELECT count(*)::int FROM user_import_refusals) AS refused,
            (SELECT count(*)::int FROM audit_log WHERE event = 'user_imported') AS audited`,
  );
  return rows[0];
}

/** Runs it until it has got further by some batches, then kills it. */
async function runAndKill(file: string): Promise<void> {
  const before = (await standing())?.doneLines ?? 0;
  const program = new Program('cli.js', system.env, { alone: true, args: ['users', 'import', file] });
  const further = before + Math.floor((ROWS / KILLS) * chance() * 0.8);
  const isFurther = async () => ((await standing())?.doneLines ?? -1) >= further || program.child.exitCode !== null;
  await until(isFurther, `line ${further}`, Math.max(45_000, ROWS), 1);
  program.kill('SIGKILL');
  await program.exited;
}

it('no line is doubled and none is lost over kills at random points', async () => {
  const lines = Array.from({ length: ROWS }, (_, at) => {
    if (at % 100 === 41) return { phone: mobile(at - 1), passwordHash };
    return at % 100 === 42 ? { phone: 'none' } : { phone: mobile(at), passwordHash };
  });
  const refusals = lines.flatMap((_, at) => {
    if (at % 100 === 41) return [`${at + 1} phone_duplicate`];
    return at % 100 === 42 ? [`${at + 1} phone_not_supported`] : [];
  });
  const file = folder.file('people.jsonl', lines);
  for (let kill = 0; kill < KILLS; kill += 1) {
    await runAndKill(file);
    const kept = await counted();
    const said = await standing();
    expect(kept).toEqual({ accounts: said?.imported ?? 0, audited: said?.imported ?? 0, refused: said?.refused ?? 0 });
    expect((said?.imported ?? 0) + (said?.refused ?? 0)).toBe(said?.doneLines ?? 0);
  }
  const result = await importUsers(system, file);
  expect(result).toMatchObject({
    run: 'resumed',
    lines: ROWS,
    imported: ROWS - refusals.length,
    refused: refusals.length,
  });
  expect(reportOf(result)).toEqual(refusals);
  expect(await counted()).toEqual({ accounts: result.imported, audited: result.imported, refused: result.refused });
  const phones = (await cliRecords<{ phone: string }>(system.env, 'users', 'export')).map(({ phone }) => phone);
  const expected = lines.filter((_, at) => at % 100 !== 41 && at % 100 !== 42).map(({ phone }) => phone);
  expect(phones.sort()).toEqual(expected.sort());
});

it('two processes with one file: one imports, the other says so and leaves', async () => {
  const lines = Array.from({ length: 5000 }, (_, at) => ({ phone: mobile(2_000_000 + at), passwordHash }));
  const file = folder.file('both.jsonl', lines);
  const programs = [1, 2].map(
    () => new Program('cli.js', system.env, { alone: true, args: ['users', 'import', file, '--json'] }),
  );
  const codes = await Promise.all(programs.map(async ({ exited }) => (await exited).code));
  const results = programs.flatMap(({ stdout }) => (stdout === '' ? [] : [JSON.parse(stdout) as { imported: number }]));
  for (const { imported } of results) expect(imported).toBe(5000);
  const refusedOnes = programs.filter((_, at) => codes[at] !== 0);
  for (const { stderr } of refusedOnes) expect(stderr).toContain('another process is importing this file');
  const { rows } = await system.database.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM users WHERE phone >= $1 AND phone < $2`,
    [mobile(2_000_000), mobile(2_005_000)],
  );
  expect(rows[0]?.count).toBe(5000);
});
