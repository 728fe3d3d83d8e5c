// Backup and restore on the embedded server, and what a restore of an older state must not bring back: N2, N4, N5 of the ledger.
import { mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Pool } from 'pg';
import type { ProblemBody, TokensBody } from '../../support/api-client';
import { runCli } from '../../support/cli';
import { createDatabase, type TestDatabase } from '../../support/database';
import { like } from '../../support/expected';
import { recoveryCodes } from '../../support/factors';
import { startSystem, type System } from '../../support/instance';
import { PASSWORD, Person } from '../../support/person';

/** Eight programs start in the hook; on a busy machine each takes its time. */
const LOADED_MILLISECONDS = 300_000;
const NEW_PASSWORD = 'copper-lagoon-72-thistle';
const POSTED = 'SELECT count(*)::int AS n FROM job_outbox';

describe('a database that is restored', () => {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-restore-'));
  const [older, newest] = [join(folder, 'older.backup'), join(folder, 'newest.backup')];
  let system: System;
  let ann: Person;
  let before: TokensBody;
  let after: TokensBody;
  let open: { token: string; code: string };
  let unused = '';
  let oldKey = '';
  let replica: TestDatabase;

  const env = (more: Record<string, string> = {}) => ({ ...system.env, ...more });
  const cli = (args: string[], more: Record<string, string> = {}) => runCli(env(more), args);
  const refresh = ({ refreshToken }: TokensBody) =>
    system.api.post<TokensBody & ProblemBody>('/v1/auth/token/refresh', { refreshToken });
  const signIn = (password: string) =>
    system.api.post<ProblemBody>('/v1/auth/login', { identifier: ann.phone, password });
  const asOps = (key: string) => system.admin.get('/v1/admin/clients', { token: key });
  const stop = () => system.kill(0, 'SIGKILL');
  const count = async (url: string, text: string): Promise<unknown> => {
    const pool = new Pool({ connectionString: url, max: 1 });
    try {
      return (await pool.query<{ n: unknown }>(text)).rows[0]?.n;
    } finally {
      await pool.end();
    }
  };

  // An account, a client app and a backup; then everything that can be ended, used or replaced is.
  beforeAll(async () => {
    system = await startSystem({ env: { JWT_ISSUER: 'https://id.example.com' } }); // its port changes
    ann = new Person(system, '+14155302700');
    before = await ann.joined();
    unused = (await recoveryCodes(ann, before.accessToken))[0] ?? '';
    const made = await system.admin.post<{ secret: string }>(
      '/v1/admin/clients',
      { name: 'Ops', clientId: 'ops', scopes: ['admin'] },
      { token: system.adminKey },
    );
    oldKey = made.body.secret;
    open = await ann.challenged('login');
    await stop();
    // Somebody's message was under way; Ann's may not be forgotten yet.
    await system.database.query(
      `INSERT INTO job_outbox (key, name, payload, max_attempts)
       SELECT 'sms:' || id || ':1', 'sms', json_build_object('source', 'code', 'id', id, 'send', 1), 7 FROM gen_random_uuid() id`,
    );
    expect(await cli(['backup', older])).toMatchObject({ code: 0 });
    await system.restart(0);
    const asAnn = { token: before.accessToken };
    const changed = { currentPassword: PASSWORD, newPassword: NEW_PASSWORD };
    expect((await system.api.post('/v1/users/me/password', changed, asAnn)).status).toBe(204);
    system.clock.advance(31); // a code is on its way
    after = await new Person(system, ann.phone, NEW_PASSWORD).again();
    await system.admin.post('/v1/admin/clients/ops/rotate-secret', undefined, { token: system.adminKey });
    await system.kill(0, 'SIGTERM');
    expect(await cli(['backup', newest])).toMatchObject({ code: 0 });
    replica = await createDatabase();
    // By other means than ours: nothing is ended, and no mark is known in that folder.
    const elsewhere = { DATABASE_URL: replica.url, LATCHKEY_DIR: join(folder, 'elsewhere') };
    expect(await cli(['restore', older, '--moved'], elsewhere)).toMatchObject({ code: 0 });
    expect(await count(replica.url, POSTED)).toBeGreaterThan(0);
  }, LOADED_MILLISECONDS);

  afterAll(async () => {
    await system.stop();
    await replica.drop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('is written for its owner alone, and never over a file', async () => {
    expect(statSync(older).mode & 0o777).toBe(0o600);
    expect(await cli(['backup', older])).toMatchObject({ code: 1, stderr: `latchkey: ${older} exists already\n` });
    expect(await cli(['state', 'show'])).toMatchObject({ code: 0, stdout: like(/not behind/) });
  });

  it('does not start when it went back to an older state, and names the step to take', async () => {
    const started = system.restart(0, { DATABASE_URL: replica.url });
    await expect(started).rejects.toThrow(/the database went back to an older state.*state raise-floor/);
    const shown = await cli(['state', 'show', '--json'], { DATABASE_URL: replica.url });
    expect(JSON.parse(shown.stdout)).toMatchObject({ wentBack: true, floor: null });
  });

  it('N2, N4, N5: after the step nothing that was ended, used or replaced since lives again', async () => {
    expect(await cli(['state', 'raise-floor'], { DATABASE_URL: replica.url })).toMatchObject({ code: 0 });
    await system.restart(0, { DATABASE_URL: replica.url });
    expect((await refresh(before)).status).toBe(401);
    expect((await refresh(after)).status).toBe(401);
    for (const { accessToken } of [before, after]) {
      expect((await system.api.get('/v1/users/me', { token: accessToken })).status).toBe(401);
    }
    const login = await signIn(PASSWORD);
    expect([login.status, login.body.code]).toEqual([403, 'password_change_required']);
    expect((await signIn(NEW_PASSWORD)).status).toBe(401);
    expect((await new Person(system, ann.phone).verify(open.token, open.code)).body.code).toBe('token_invalid');
    expect((await asOps(oldKey)).status).toBe(401);
    expect(
      await count(replica.url, `SELECT count(*)::int AS n FROM recovery_codes WHERE cardinality(unused) > 0`),
    ).toBe(0);
    expect(unused).not.toBe('');
    expect(
      await count(replica.url, `SELECT count(*)::int AS n FROM audit_log WHERE event = 'state_floor_raised'`),
    ).toBe(1);
  });

  it('serves people again, with a password that they choose by a code', async () => {
    const last = await system.phone.newest(ann.phone);
    const { body } = await system.api.post<{ challengeToken: string }>('/v1/auth/password/forgot', {
      identifier: ann.phone,
    });
    const code = await system.phone.codeFor(ann.phone, { after: last });
    const newPassword = 'quartz-meadow-19-bramble';
    const reset = await system.api.post('/v1/auth/password/reset', {
      challengeToken: body.challengeToken,
      code,
      newPassword,
    });
    expect(reset.status).toBe(204);
    const tokens = await new Person(system, ann.phone, newPassword).again();
    expect((await refresh(tokens)).status).toBe(200);
    await system.restart(0, { DATABASE_URL: replica.url });
    expect((await system.api.get('/health/ready')).status).toBe(200);
  });

  it('is left alone while the app runs on it, and while it has accounts that nobody gave up', async () => {
    const here = { DATABASE_URL: replica.url };
    expect(await cli(['restore', older], here)).toMatchObject({
      code: 1,
      stderr: like(/the app is running/),
    });
    await stop();
    expect(await cli(['restore', older], here)).toMatchObject({ code: 1, stderr: like(/--replace/) });
    expect(
      await count(replica.url, `SELECT count(*)::int AS n FROM audit_log WHERE event = 'password_reset_completed'`),
    ).toBe(1);
  });

  it('is unchanged after a file that is cut short or changed, whatever was read of it', async () => {
    const broken = join(folder, 'broken.backup');
    const whole = readFileSync(older);
    const middle = Math.floor(whole.length / 2);
    const users = () => count(system.databaseUrl, `SELECT md5(string_agg(u::text, '' ORDER BY id)) AS n FROM users u`);
    const was = await users();
    for (const damage of [
      () => truncateSync(broken, middle),
      () => writeFileSync(broken, whole.fill(0, middle, middle + 64)),
    ]) {
      writeFileSync(broken, readFileSync(older));
      damage();
      const said = await cli(['restore', broken, '--replace']);
      expect([said.code, said.stderr]).toEqual([1, like(/^latchkey: .*(damaged|cut short)[^\n]*\n$/)]);
      expect(await users()).toBe(was);
    }
  });

  it('raises the floor by itself with restore, in the same transaction', async () => {
    expect(await cli(['restore', older, '--moved', '--replace'])).toMatchObject({
      code: 1,
      stderr: like(/was used after this backup/),
    });
    expect(await cli(['restore', older, '--replace'])).toMatchObject({ code: 0 });
    expect(await count(system.databaseUrl, POSTED)).toBe(0);
    await system.restart(0);
    expect((await refresh(before)).status).toBe(401);
    const login = await signIn(PASSWORD);
    expect([login.status, login.body.code]).toEqual([403, 'password_change_required']);
    const erase = count(system.databaseUrl, `DELETE FROM audit_log RETURNING 1 AS n`);
    await expect(erase).rejects.toThrow('the audit log only grows');
    await stop();
  });

  it('moves to another server with everybody signed in, when nothing happened after the backup', async () => {
    const moved = await createDatabase();
    try {
      const there = {
        DATABASE_URL: moved.url,
        LATCHKEY_DIR: join(folder, 'moved'),
        SECRET_KEYS: system.secret('SECRET_KEYS'),
      };
      expect(await cli(['restore', newest, '--moved'], there)).toMatchObject({ code: 0 });
      const { SECRET_KEYS, DATABASE_URL } = there;
      await system.restart(0, { DATABASE_URL, SECRET_KEYS, LATCHKEY_DIR: there.LATCHKEY_DIR });
      expect((await system.api.get('/v1/users/me', { token: after.accessToken })).status).toBe(200);
      expect((await refresh(after)).status).toBe(200);
      system.clock.advance(31);
      expect((await signIn(NEW_PASSWORD)).status).toBe(200);
      await stop();
    } finally {
      await moved.drop();
    }
  });
});
