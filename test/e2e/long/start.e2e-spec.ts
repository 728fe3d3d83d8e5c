// What `npm start` promises, with the real programs, the durable embedded database and real kills.
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { firstSession } from '../../../src/start/first-session';
import { ApiClient, type ChallengeBody, type TokensBody } from '../../support/api-client';
import { createDatabase, onServer } from '../../support/database';
import { startSystem } from '../../support/instance';
import { patiently } from '../../support/patience';
import { PhoneReader } from '../../support/phone';
import { childOf, stillRunning } from '../../support/processes';
import { Program } from '../../support/program';

const phone = '+12015550123';
const password = 'violet-harbor-41-lantern';
/** Nobody listens there. */
const AWAY = 'postgres://nobody@127.0.0.1:1/none';

describe('npm start', () => {
  const started: Program[] = [];
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'latchkey-start-'));
    chmodSync(folder, 0o755);
  });

  afterEach(async () => {
    const parts = started.filter(({ child }) => child.exitCode === null && child.signalCode === null);
    for (const program of parts) program.kill('SIGTERM');
    await Promise.all(started.splice(0).map((program) => program.exited));
    rmSync(folder, { recursive: true, force: true });
  }, patiently(90_000));

  function npmStart(env: Record<string, string> = {}): Program {
    const ours = { LATCHKEY_DIR: folder, PORT: '0', SIMULATOR_PORT: '0', BCRYPT_COST: '4' };
    const program = new Program('start.js', { ...ours, ...env }, { alone: true });
    started.push(program);
    return program;
  }

  interface Running {
    readonly program: Program;
    readonly api: ApiClient;
    readonly phone: PhoneReader;
    readonly pids: Record<'supervisor' | 'app' | 'simulator' | 'postgres', number>;
  }

  async function running(): Promise<Running> {
    const program = npmStart();
    const ready = await program.ready();
    const pids = {
      supervisor: program.pid,
      app: childOf(program.pid, join('src', 'main.js')),
      simulator: childOf(program.pid, join('simulator', 'main.js')),
      postgres: Number(readFileSync(join(folder, 'postgres', 'data', 'postmaster.pid'), 'utf8').split('\n')[0]),
    };
    const [api, simulator] = [String(ready['api']), String(ready['simulator'])];
    return { program, api: new ApiClient(api), phone: new PhoneReader(simulator), pids };
  }

  async function register(by: Running): Promise<void> {
    const { body } = await by.api.post<ChallengeBody>('/v1/auth/register', { phone, password });
    await enterCode(by, body);
  }

  async function login(by: Running): Promise<void> {
    const answer = await by.api.post<ChallengeBody>('/v1/auth/login', { identifier: phone, password });
    expect(answer).toMatchObject({ status: 200, body: { purpose: 'login' } });
    await enterCode(by, answer.body);
  }

  /** The only one that the simulator has sent since it was started. */
  async function enterCode({ api, phone: reader }: Running, { challengeToken }: ChallengeBody): Promise<void> {
    const code = await reader.codeFor(phone);
    expect((await api.post('/v1/auth/otp/verify', { challengeToken, code })).status).toBe(200);
  }

  it('ends all parts on Ctrl-C, in silence, with exit code 0', async () => {
    const { program, pids } = await running();
    process.kill(-pids.supervisor, 'SIGINT');
    expect(await program.exited).toEqual({ code: 0, signal: null });
    expect(await stillRunning(Object.values(pids), 0)).toEqual([]);
    expect(program.logs()).not.toContain('latchkey:');
  });

  it('on a server with a role that owns the tables and one that uses them: the first migrates, the second is granted what it needs', async () => {
    const database = await createDatabase({ empty: true });
    const [owner, app] = ['owner', 'app'].map((name) => `${name}_${database.name}`) as [string, string];
    for (const role of [owner, app]) await onServer(`CREATE ROLE ${role} LOGIN PASSWORD '${role}'`);
    await onServer(`ALTER DATABASE ${database.name} OWNER TO ${owner}`);
    const as = (role: string): string => database.url.replace(/\/\/[^@]*@/, `//${role}:${role}@`);
    const program = npmStart({ DATABASE_URL: as(app), MIGRATION_DATABASE_URL: as(owner) });
    const api = new ApiClient(String((await program.ready())['api']));
    const { status } = await api.post('/v1/auth/register', { phone, password });
    program.kill('SIGTERM');
    await program.exited;
    await database.drop();
    for (const role of [owner, app]) await onServer(`DROP ROLE ${role}`);
    expect(status).toBe(202);
  });

  it('says in one line that the folder is taken, and leaves the first start alone', async () => {
    const first = await running();
    const second = npmStart();
    expect(await second.exited).toEqual({ code: 1, signal: null });
    expect(second.logs()).toMatch(/^latchkey: already running in [^\n]+\n$/);
    expect(await first.api.get('/health/ready')).toMatchObject({ status: 200 });
  });

  it('lets one of two win that start together in a fresh folder', async () => {
    const both = [npmStart(), npmStart()];
    const outcomes = await Promise.all(both.map((program) => program.ready().catch(() => program.exited)));
    const lost = outcomes.findIndex((outcome) => 'code' in outcome);
    expect(outcomes[lost]).toEqual({ code: 1, signal: null });
    expect(both[lost]?.logs()).toMatch(/^latchkey: [^\n]*already running in [^\n]+\n$/);
    const winner = outcomes[1 - lost];
    expect(winner).toMatchObject({ event: 'ready' });
    expect(await new ApiClient(String((winner as { api: string }).api)).get('/health/live')).toMatchObject({
      status: 200,
    });
  });

  it(
    'survives a kill -9 of the supervisor, app, simulator and database: nothing is left behind, the next start finds the account',
    async () => {
      let now = await running();
      await register(now);
      for (const part of ['supervisor', 'app', 'simulator', 'postgres'] as const) {
        process.kill(now.pids[part], 'SIGKILL');
        expect([part, (await now.program.exited).code]).toEqual([part, part === 'supervisor' ? null : 1]);
        const { supervisor, app, simulator } = now.pids;
        expect([part, await stillRunning([supervisor, app, simulator], 10_000)]).toEqual([part, []]);
        now = await running();
        await login(now);
      }
    },
    patiently(180_000),
  );

  it.each([
    ['production', { NODE_ENV: 'production' }, /NODE_ENV is production/],
    ['a setting that cannot be', { PORT: 'many' }, /PORT/],
    ['a database that is away', { DATABASE_URL: AWAY }, /cannot be reached.* DATABASE_URL/],
    ['a direct address that is away', { DATABASE_URL: AWAY, DATABASE_DIRECT_URL: AWAY }, /check DATABASE_DIRECT_URL/],
  ])('refuses %s in one line', async (_name, env, reason) => {
    const program = npmStart(env);
    expect(await program.exited).toEqual({ code: 1, signal: null });
    expect(program.logs()).toMatch(/^latchkey: [^\n]+\n$/);
    expect(program.logs()).toMatch(reason);
  });
});

const withCurl = spawnSync('curl', ['--version']).status === 0 ? it : it.skip;

describe('the first session that npm start prints', () => {
  withCurl.each(['telnyx', 'sinch-verification', 'infobip-2fa'])(
    'works pasted into a shell, with %s',
    async (provider) => {
      const system = await startSystem({ provider });
      try {
        const session = firstSession({ api: system.api.url, simulator: system.simulator });
        const { stdout, stderr } = spawnSync('/bin/sh', [], { input: session, encoding: 'utf8', timeout: 30_000 });
        expect(stderr).toBe('');
        const [registered, me] = splitJson(stdout);
        expect(registered as unknown as TokensBody).toMatchObject({
          tokenType: 'Bearer',
          user: { phone: expect.stringMatching(/^\+1\*{6}\d{4}$/) as string },
        });
        expect(me).toEqual((registered as unknown as TokensBody).user);
      } finally {
        await system.stop();
      }
    },
  );
});

/** curl prints answers without a line end between them. */
function splitJson(text: string): Record<string, unknown>[] {
  return text
    .replaceAll('}{', '}\n{')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}
