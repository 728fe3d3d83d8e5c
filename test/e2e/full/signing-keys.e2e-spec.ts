// The life of signing keys as operators and verifiers see it: what the command line does to them, what a database holds of them,
// and how long tokens of each are good. Rotation under load and races: test/races/full/signing-keys.
import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { signUp } from '../../support/accounts';
import type { TokensBody } from '../../support/api-client';
import { cliRecords, runCli } from '../../support/cli';
import { everyTable } from '../../support/dump';
import { verifyIndependently } from '../../support/independent-jwt';
import { startSystem, type System } from '../../support/instance';
import { phoneNumbers } from '../../support/person';
import { runJob } from '../../support/queue';
import { keyIn, keysOf, kidOf, publishedBy, PUBLISHED_SECONDS, untilPublished } from '../../support/signing-keys';

const nextPhone = phoneNumbers();
const DAY = 86_400;
/** A token lives 600 s here; a retired key is accepted as if it could live an hour, plus leeways. */
const LAST_TOKEN_SECONDS = 3750;

let system: System;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-keys-'));
  system = await startSystem({ instances: 2, env: { JWT_ISSUER: 'https://id.test', JWT_AUDIENCE: 'api' } });
});

afterAll(async () => {
  await system.stop();
  rmSync(folder, { recursive: true, force: true });
});

const cli = (...args: string[]) => cliRecords(system.env, ...args);
const meOn = async (instance: number, token: string): Promise<number> =>
  (await (system.apis[instance] ?? system.api).get('/v1/users/me', { token })).status;

async function refreshed({ refreshToken }: TokensBody, instance = 0): Promise<TokensBody> {
  const api = system.apis[instance] ?? system.api;
  const { status, body, text } = await api.post<TokensBody>('/v1/auth/token/refresh', { refreshToken });
  if (status !== 200) throw new Error(text);
  return body;
}

async function lastAudit(event: string): Promise<Record<string, unknown> | undefined> {
  const { rows } = await system.database.query<{ meta: Record<string, unknown> }>(
    'SELECT meta FROM audit_log WHERE event = $1 ORDER BY at DESC LIMIT 1',
    [event],
  );
  return rows[0]?.meta;
}

function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const ec = (namedCurve: string): KeyObject => generateKeyPairSync('ec', { namedCurve }).privateKey;
const decoded = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>;

function forged(header: object, payload: object, key: KeyObject): string {
  const text = [header, payload].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  return `${text}.${sign('sha256', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
}

const pem = (key: KeyObject): string => key.export({ type: 'pkcs8', format: 'pem' }).toString();

describe('rotation', () => {
  it('waits until every verifier knows the next key, and then the token of either instance names it', async () => {
    const early = await runCli(system.env, ['keys', 'rotate']);
    expect([early.code, early.stdout]).toEqual([1, '']);
    expect(early.stderr).toMatch(/^latchkey: the current key signs only since [^\n]+ or with --now\n$/);
    system.clock.advance(PUBLISHED_SECONDS + 1);
    const person = await signUp(system, nextPhone());
    const [old, due] = [await keyIn(system, 'current'), await keyIn(system, 'next')];
    expect(kidOf(person.accessToken)).toBe(old);
    expect(await cli('keys', 'rotate')).toMatchObject([{ current: due, retired: old }]);
    expect(await lastAudit('signing_key_rotated')).toMatchObject({
      current: due,
      retired: old,
      by: expect.stringMatching(/^cli:\w+/) as string,
    });

    await untilPublished(system, await keyIn(system, 'next'));
    let tokens = person;
    for (const instance of [0, 1]) {
      tokens = await refreshed(tokens, instance);
      expect(kidOf(tokens.accessToken)).toBe(due);
      expect(await meOn(1 - instance, tokens.accessToken)).toBe(200);
    }
    expect(await meOn(0, person.accessToken)).toBe(200); // signed before the rotation, and still living
  });

  it('erases the private half of a retired key, publishes it until its last token has expired, and then deletes it', async () => {
    const retired = await keyIn(system, 'retired');
    const { rows } = await system.database.query('SELECT private_sealed FROM signing_keys WHERE kid = $1', [retired]);
    expect(rows).toEqual([{ private_sealed: null }]);
    system.clock.advance(LAST_TOKEN_SECONDS - 60);
    await runJob(system, 'retention');
    expect(await publishedBy(system.api)).toContain(retired);
    system.clock.advance(61);
    await untilPublished(system, retired, false);
    await runJob(system, 'retention');
    expect((await system.database.query('SELECT 1 FROM signing_keys WHERE kid = $1', [retired])).rowCount).toBe(0);
    expect((await keysOf(system)).map(({ state }) => state).sort()).toEqual(['current', 'next']);
  });

  it('happens by itself after SIGNING_KEY_ROTATION_DAYS, not a day before', async () => {
    const [old, due] = [await keyIn(system, 'current'), await keyIn(system, 'next')];
    system.clock.advance(89 * DAY);
    await runJob(system, 'signing_keys');
    expect(await keyIn(system, 'current')).toBe(old);
    system.clock.advance(DAY + 1);
    await runJob(system, 'signing_keys');
    expect(await keyIn(system, 'current')).toBe(due);
    expect(await lastAudit('signing_key_rotated')).toMatchObject({ by: 'schedule', retired: old });
  });
});

describe('a key that somebody else may have', () => {
  it('is revoked: its tokens are refused, on the other instance within its 5 s, and the session lives on with the next key', async () => {
    const person = await signUp(system, nextPhone());
    const stolen = kidOf(person.accessToken);
    const next = await keyIn(system, 'next');
    expect(await meOn(1, person.accessToken)).toBe(200);
    expect(await cli('keys', 'revoke', stolen)).toEqual([{ revoked: stolen, state: 'current', current: next }]);
    await untilPublished(system, stolen, false);
    expect([await meOn(0, person.accessToken), await meOn(1, person.accessToken)]).toEqual([401, 401]);
    const tokens = await refreshed(person);
    expect(kidOf(tokens.accessToken)).toBe(next);
    expect(await meOn(1, tokens.accessToken)).toBe(200);
    expect(await lastAudit('signing_key_revoked')).toMatchObject({ kid: stolen, state: 'current' });
  });

  it('is refused in one line when there is none of that id', async () => {
    const { code, stdout, stderr } = await runCli(system.env, ['keys', 'revoke', 'nobody']);
    expect([code, stdout, stderr]).toEqual([1, '', 'latchkey: there is no key nobody: see keys list\n']);
  });
});

describe('an imported key', () => {
  it('A26: is published, signs when told to, and any library checks its tokens; its private half lies nowhere open', async () => {
    system.clock.advance(PUBLISHED_SECONDS + 1);
    const key = ec('prime256v1');
    const [imported] = await cli('keys', 'import', file('good', pem(key)));
    const kid = String(imported?.['next']);
    expect(await keyIn(system, 'next')).toBe(kid);
    // Not before every verifier knows it: that is kept for then.
    expect(await cli('keys', 'rotate')).toMatchObject([{ next: kid }]);
    expect(await lastAudit('signing_key_scheduled')).toMatchObject({ next: kid });
    await untilPublished(system, kid);
    expect(await cli('keys', 'rotate', '--now')).toMatchObject([{ current: kid }]);
    await untilPublished(system, await keyIn(system, 'next'));
    const { accessToken } = await signUp(system, nextPhone());
    expect(kidOf(accessToken)).toBe(kid);
    const verdict = await verifyIndependently(`${system.api.url}/.well-known/jwks.json`, accessToken, {
      issuer: 'https://id.test',
      audience: 'api',
      clockTolerance: 200 * DAY, // that library lives today
    });
    expect(verdict.protectedHeader).toMatchObject({ kid, alg: 'ES256', typ: 'at+jwt' });

    // A26, over HTTP: who holds the very key still has to say all that we would say.
    const [header = {}, payload = {}] = accessToken.split('.', 2).map(decoded);
    const now = Number(payload['iat']);
    expect(await meOn(0, forged(header, { ...payload, jti: 'another' }, key))).toBe(200);
    for (const change of [
      ...['iss', 'aud', 'sub', 'sid', 'client_id', 'jti', 'iat', 'exp', 'auth_time', 'amr', 'acr'].map((name) => ({
        [name]: undefined,
      })),
      { exp: now - 60 },
      { exp: now + 10 * 365 * DAY },
      { nbf: now + 3600 },
      { iat: now + 3600 },
      { iss: 'https://evil.test' },
      { aud: 'shop' },
      { aud: ['api', 'shop'] },
      { sub: 'somebody' },
      { sub: { id: payload['sub'] } },
      { sid: '00000000-0000-4000-8000-000000000000' },
    ]) {
      expect([change, await meOn(0, forged(header, { ...payload, ...change }, key))]).toEqual([change, 401]);
    }
    for (const change of [
      { typ: 'JWT' },
      { typ: 'phone-proof+jwt' },
      { typ: undefined },
      { jwk: key.export({ format: 'jwk' }) },
    ]) {
      expect([change, await meOn(0, forged({ ...header, ...change }, payload, key))]).toEqual([change, 401]);
    }

    const d = Buffer.from(String(key.export({ format: 'jwk' }).d), 'base64url');
    const everywhere = `${await everyTable(system)}${system.logs()}`;
    for (const encoding of ['hex', 'base64', 'base64url'] as const) {
      expect(everywhere).not.toContain(d.toString(encoding));
    }
    expect(await lastAudit('signing_key_imported')).toMatchObject({ next: kid });
  });

  it('is refused in one line that does not quote it when it is no P-256 key', async () => {
    const before = await keyIn(system, 'next');
    const { code, stdout, stderr } = await runCli(system.env, ['keys', 'import', file('bad', pem(ec('secp384r1')))]);
    expect([code, stdout, stderr]).toEqual([1, '', 'latchkey: not a P-256 key: it is on secp384r1\n']);
    expect(await keyIn(system, 'next')).toBe(before);
  });

  it('is refused when it is here already, and a file that is not there is named', async () => {
    const path = file('twice', pem(ec('prime256v1')));
    await cli('keys', 'import', path);
    const [twice, missing] = await Promise.all([
      runCli(system.env, ['keys', 'import', path]),
      runCli(system.env, ['keys', 'import', join(folder, 'nothing')]),
    ]);
    expect([twice.code, twice.stderr]).toEqual([
      1,
      expect.stringMatching(/^latchkey: this key is here already: [\w-]{43} \(next\)\n$/),
    ]);
    expect([missing.code, missing.stderr]).toEqual([
      1,
      expect.stringMatching(/^latchkey: <file> .*nothing cannot be read \(ENOENT\)\n$/),
    ]);
  });
});

it('an instance whose key does not open is not ready, and says so to nobody but the log', async () => {
  await system.restart(1, { SECRET_KEYS: `k9:${randomBytes(32).toString('base64')}` });
  const { status, body } = await (system.apis[1] ?? system.api).get('/health/ready');
  expect([status, body]).toEqual([503, { status: 'unavailable' }]);
  expect(system.logs()).toContain('not ready: signing key closed (SECRET_KEYS)');
  expect((await system.api.get('/health/ready')).status).toBe(200);
  await system.restart(1);
  expect((await (system.apis[1] ?? system.api).get('/health/ready')).status).toBe(200);
});
