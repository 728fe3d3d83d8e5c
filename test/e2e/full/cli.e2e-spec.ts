// What the operator's command line promises, as the program that `npm run cli` starts: where it finds the database and the
// secrets, what it writes where, and what it leaves behind.
import { chmodSync, chownSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cliRecords, runCli } from '../../support/cli';
import { startSystem, type System } from '../../support/instance';
import { patiently, until } from '../../support/patience';
import { Program } from '../../support/program';

const NOBODY = 65_534;
const isRoot = process.getuid?.() === 0;

interface KeyRecord {
  readonly kid: string;
  readonly state: string;
}

describe('the command line on the database of a running app', () => {
  let system: System;

  beforeAll(async () => {
    system = await startSystem();
  });

  afterAll(() => system.stop());

  it('sees what the app sees: --json prints one record per line on stdout, and nothing goes to stderr', async () => {
    const { body } = await system.api.get<{ keys: { kid: string }[] }>('/.well-known/jwks.json');
    const { code, stdout, stderr } = await runCli(system.env, ['keys', 'list', '--json']);
    expect([code, stderr]).toEqual([0, '']);
    const listed = stdout.trimEnd().split('\n');
    expect(listed.map((line) => (JSON.parse(line) as KeyRecord).kid).sort()).toEqual(
      body.keys.map(({ kid }) => kid).sort(),
    );
  });

  it('prints a readable table without --json, and log lines on stderr with --verbose', async () => {
    const { code, stdout, stderr } = await runCli(system.env, ['keys', 'list', '--verbose']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^kid +state.*\n[\w-]{43} +\w+/);
    expect(stdout).not.toContain('{');
    expect(stderr).toContain('"level":"debug"');
  });

  it('runs no job of the queue', async () => {
    const before = await system.database.query('SELECT worker_id FROM worker_heartbeats');
    await cliRecords(system.env, 'keys', 'list');
    expect((await system.database.query('SELECT worker_id FROM worker_heartbeats')).rows).toEqual(before.rows);
  });

  it.each([
    ['an unknown group', ['keyz'], {}, /keyz/],
    ['an unknown command', ['keys', 'lost'], {}, /lost/],
    ['a setting that cannot be', ['keys', 'list'], { OTP_LENGTH: 'many' }, /OTP_LENGTH/],
    [
      'an event that is none',
      ['audit', 'list', '--type', 'authn_token_reused'],
      {},
      /authn_token_reused.*authn_token_reuse\b/,
    ],
    ['a client app that is none', ['clients', 'show', 'nobody'], {}, /nobody/],
    ['an account that is none', ['users', 'end-sessions', 'nobody'], {}, /nobody/],
    ['a database that is away', ['keys', 'list'], { DATABASE_URL: 'postgres://x@127.0.0.1:1/x' }, /DATABASE_URL/],
    ['no environment beside DATABASE_URL', ['keys', 'list'], { NODE_ENV: '' }, /NODE_ENV/],
  ])('refuses %s in one line on stderr, with exit code 1', async (_name, args, env, named) => {
    const { code, stdout, stderr } = await runCli({ ...system.env, ...env }, args);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^latchkey: [^\n]+\n$/);
    expect(stderr).toMatch(named);
  });

  it('calibrate: tries costs from the least that production takes to the first that is too slow, and names the one below', async () => {
    const lines = await cliRecords(system.env, 'calibrate', '--milliseconds', '50');
    const tried = lines.slice(0, -1).map(({ cost }) => cost);
    expect(tried).toEqual(tried.map((_, step) => 10 + step));
    const within = lines.slice(0, -1).filter(({ hashMilliseconds }) => Number(hashMilliseconds) <= 50);
    expect(lines.at(-1)).toMatchObject({ recommended: within.at(-1)?.['cost'] ?? 10 });
    const refused = await runCli(system.env, ['calibrate', '--milliseconds', '5']);
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringMatching(/^latchkey: --milliseconds [^\n]+\n$/)]);
  });

  it('explains itself on stdout with --help, without any setting', async () => {
    const { code, stdout, stderr } = await runCli({}, ['keys', '--help']);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^Usage: npm run cli -- .*\n/);
    expect(stdout).toContain('keys');
  });
});

describe('the command line in development, without DATABASE_URL', () => {
  const started: Program[] = [];
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'latchkey-cli-'));
    chmodSync(folder, 0o755);
  });

  afterEach(async () => {
    for (const program of started) program.kill('SIGTERM');
    await Promise.all(started.splice(0).map((program) => program.exited));
    rmSync(folder, { recursive: true, force: true });
  }, patiently(90_000));

  const environment = (): Record<string, string> => ({ LATCHKEY_DIR: folder });
  const serverRuns = (): boolean => existsSync(join(folder, 'postgres', 'data', 'postmaster.pid'));

  async function npmStart(): Promise<string> {
    const program = new Program('start.js', { ...environment(), PORT: '0', SIMULATOR_PORT: '0' }, { alone: true });
    started.push(program);
    return String((await program.ready())['api']);
  }

  it('works in an empty folder, and leaves no server running; what it made is there the next time', async () => {
    const first = await cliRecords<KeyRecord>(environment(), 'keys', 'list');
    expect(first.length).toBeGreaterThan(0);
    expect(serverRuns()).toBe(false);
    expect(await cliRecords<KeyRecord>(environment(), 'keys', 'list')).toEqual(first);
  });

  it('uses the server of a running npm start, with its secrets, and lets it run', async () => {
    const api = await npmStart();
    const { keys } = (await (await fetch(`${api}/.well-known/jwks.json`)).json()) as { keys: { kid: string }[] };
    const listed = await cliRecords<KeyRecord>(environment(), 'keys', 'list');
    expect(listed.map(({ kid }) => kid)).toEqual(keys.map(({ kid }) => kid));
    expect((await fetch(`${api}/health/ready`)).status).toBe(200);
  });

  it('two commands at once share one server, and the last one stops it', async () => {
    await cliRecords(environment(), 'keys', 'list');
    const both = await Promise.all([1, 2].map(() => cliRecords<KeyRecord>(environment(), 'keys', 'list')));
    expect(both[0]).toEqual(both[1]);
    expect(serverRuns()).toBe(false);
  });

  it('interrupted, it takes the server that it started with it', async () => {
    const program = new Program('cli.js', environment(), { alone: true, args: ['keys', 'list'] });
    await until(serverRuns, 'its server', 30_000, 1);
    program.kill('SIGINT');
    await program.exited;
    expect(serverRuns()).toBe(false);
  });

  (isRoot ? it : it.skip)('works as an ordinary user in a folder of theirs', async () => {
    chownSync(folder, NOBODY, NOBODY);
    const { code, stdout, stderr } = await runCli(environment(), ['keys', 'list', '--json'], { uid: NOBODY });
    expect([code, stderr.includes('latchkey:')]).toEqual([0, false]);
    expect(stdout).toContain('"kid"');
    expect(serverRuns()).toBe(false);
  });
});
