// Client apps from the operator's command line to the tokens of their users, on two instances: whose tokens they are, how long
// they live, and how a client app stops (A26, A39, A47).
import type { ApiClient, ProblemBody, TokensBody } from '../../support/api-client';
import { runCli } from '../../support/cli';
import { clientRecords, createClient } from '../../support/client-records';
import { claimsOf, kind } from '../../support/credentials';
import { cameTo, loginFrom } from '../../support/devices';
import { everyTable } from '../../support/dump';
import { verifyIndependently } from '../../support/independent-jwt';
import { startSystem, type System } from '../../support/instance';
import { makeClientApp } from '../../support/oauth';
import { Person, phoneNumbers } from '../../support/person';

const ISSUER = 'https://id.example';
const SHOP = { clientId: 'shop', audience: 'https://api.shop.example', accessTokenTtlSeconds: 120 };

const nextPhone = phoneNumbers();
let system: System;
let here: ApiClient;
let there: ApiClient;

const clients = (...args: string[]) => clientRecords(system, ...args);
const created = (clientId: string, ...args: string[]) => createClient(system, clientId, ...args);
const me = (api: ApiClient, { accessToken }: TokensBody) =>
  api.get<ProblemBody>('/v1/users/me', { token: accessToken });
const refresh = (api: ApiClient, { refreshToken }: TokensBody) =>
  api.post<TokensBody & ProblemBody>('/v1/auth/token/refresh', { refreshToken });

beforeAll(async () => {
  system = await startSystem({
    instances: 2,
    env: { JWT_ISSUER: ISSUER, LIMIT_UNAUTHENTICATED: 'off', LIMIT_SMS_DESTINATION: 'off' },
  });
  [here, there] = system.both;
  await created(SHOP.clientId, '--audience', SHOP.audience, '--token-ttl', String(SHOP.accessTokenTtlSeconds));
});
afterAll(() => system.stop());

describe('the tokens of a client app', () => {
  it('name its audience and ours, and it itself, from registration on; refreshes keep that, its lifetime and auth_time', async () => {
    const person = new Person(system, nextPhone());
    const tokens = await person.joined({ clientId: SHOP.clientId });
    const first = claimsOf(tokens);
    expect(first).toMatchObject({ aud: [SHOP.audience, ISSUER], client_id: SHOP.clientId });
    expect([tokens.expiresIn, Number(first['exp']) - Number(first['iat'])]).toEqual([120, 120]);
    system.clock.advance(60);
    const { body } = await refresh(there, tokens);
    const second = claimsOf(body);
    expect(second).toMatchObject({ aud: first['aud'], client_id: SHOP.clientId, sid: first['sid'], amr: first['amr'] });
    expect([second['auth_time'], body.expiresIn]).toEqual([first['auth_time'], 120]);
    expect(Number(second['iat'])).toBeGreaterThanOrEqual(Number(first['iat']) + 60);
  });

  it("are good for that app's own service and no other, as any JWT library sees it", async () => {
    const tokens = await new Person(system, nextPhone()).joined({ clientId: SHOP.clientId });
    const jwks = `${here.url}/.well-known/jwks.json`;
    const judge = (audience: string) =>
      verifyIndependently(jwks, tokens.accessToken, { issuer: ISSUER, audience, typ: 'at+jwt' });
    expect((await judge(SHOP.audience)).payload).toMatchObject({ client_id: SHOP.clientId });
    expect((await judge('https://api.other.example')).refused).toBe('ERR_JWT_CLAIM_VALIDATION_FAILED');
  });

  it('let its user manage the account here: who am I, sessions, logout', async () => {
    const tokens = await new Person(system, nextPhone()).joined({ clientId: SHOP.clientId, deviceName: 'Till' });
    expect((await me(there, tokens)).status).toBe(200);
    const { body } = await here.get<{ items: { deviceName: string }[] }>('/v1/auth/sessions', {
      token: tokens.accessToken,
    });
    expect(body.items.map(({ deviceName }) => deviceName)).toEqual(['Till']);
    expect((await here.post('/v1/auth/logout', {}, { token: tokens.accessToken })).status).toBe(204);
    expect(kind(await me(here, tokens))).toBe('401 token_invalid');
  });

  it('without a clientId they are for us alone, and our own app may be named', async () => {
    const person = new Person(system, nextPhone());
    expect(claimsOf(await person.joined())).toMatchObject({ aud: ISSUER, client_id: 'first-party' });
    expect(claimsOf(await person.again({ clientId: 'first-party' }))).toMatchObject({
      aud: ISSUER,
      client_id: 'first-party',
    });
  });
});

describe('a clientId that is not a living client app', () => {
  it.each([
    ['unknown', 'nobody-knows'],
    ['disabled', 'closed-shop'],
    ['deleted', 'former-shop'],
  ])('%s: 400 for /clientId, whoever asks', async (_state, clientId) => {
    if (clientId !== 'nobody-knows') await created(clientId);
    if (clientId === 'closed-shop') await clients('disable', clientId);
    if (clientId === 'former-shop') await clients('delete', clientId);
    const known = new Person(system, nextPhone());
    await known.joined();
    const stranger = new Person(system, nextPhone());
    const before = await everyTable(system);
    for (const answer of [
      await known.login({ clientId }),
      await stranger.login({ clientId }),
      await known.register({ clientId }),
      await stranger.register({ clientId }),
    ]) {
      expect([kind(answer), answer.body.errors]).toEqual([
        '400 validation_failed',
        [{ pointer: '/clientId', code: 'unknown' }],
      ]);
    }
    expect(rowsOf(await everyTable(system))).toBe(rowsOf(before));
  });

  it.each(['', 'A', 'a b', 'shop\n', "x' OR 1=1--", 'x'.repeat(65), 7, { a: 1 }])(
    'malformed, as %j: 400 by the same pointer',
    async (clientId) => {
      const { status, body } = await new Person(system, nextPhone()).login({ clientId });
      expect([status, body.errors?.map(({ pointer }) => pointer)]).toEqual([400, ['/clientId']]);
    },
  );
});

describe('a client app that is stopped', () => {
  async function opened(clientId: string) {
    await created(clientId);
    const person = new Person(system, nextPhone());
    const tokens = await person.joined({ clientId });
    const own = await person.again();
    for (const api of [here, there])
      expect([(await me(api, tokens)).status, (await me(api, own)).status]).toEqual([200, 200]);
    return { person, tokens, own };
  }

  it('A39: disabled, its refreshes stop at once and its tokens within 5 s on every instance; others go on', async () => {
    const { person, tokens, own } = await opened('day-shop');
    const pending = await person.challenged('login', { clientId: 'day-shop' });
    await clients('disable', 'day-shop');
    for (const api of [there, here]) expect(kind(await refresh(api, tokens))).toBe('401 token_invalid');
    expect(kind(await person.verify(pending.token, pending.code))).toBe('401 code_expired');
    system.clock.advance(5);
    for (const api of [here, there]) {
      expect([kind(await me(api, tokens)), (await me(api, own)).status]).toEqual(['401 token_invalid', 200]);
      const again = await new Person(system, person.phone, person.password, api).login({ clientId: 'day-shop' });
      expect(kind(again)).toBe('400 validation_failed');
    }
  });

  it('A39: disabled while the clock is set back, it is not remembered until that clock has come as far again', async () => {
    const { person } = await opened('dusk-shop');
    const login = () => new Person(system, person.phone, person.password, there).login({ clientId: 'dusk-shop' });
    expect((await login()).status).toBe(200);
    system.clock.advance(-3600);
    await clients('disable', 'dusk-shop');
    expect(kind(await login())).toBe('400 validation_failed');
    system.clock.advance(3600);
  });

  it('A39: disabled a moment ago, it is signed in to from no trusted device where it is remembered still', async () => {
    const { person } = await opened('dawn-shop');
    const { token, code } = await person.challenged('login', { clientId: 'dawn-shop' });
    let device = (await person.verify(token, code, { trustDevice: true })).body.trustedDeviceToken ?? '';
    const login = () =>
      loginFrom(new Person(system, person.phone, person.password, there), device, { clientId: 'dawn-shop' });
    device = (await login()).body.trustedDeviceToken ?? '';
    expect(device).toMatch(/^td_/);
    await clients('disable', 'dawn-shop');
    expect(cameTo(await login())).not.toBe('tokens');
  });

  it('enabled again, its sessions go on where they were', async () => {
    const { tokens } = await opened('night-shop');
    await clients('disable', 'night-shop');
    expect(kind(await refresh(there, tokens))).toBe('401 token_invalid'); // and uses nothing up
    system.clock.advance(5);
    expect(kind(await me(here, tokens))).toBe('401 token_invalid');
    await clients('enable', 'night-shop');
    system.clock.advance(5);
    expect([(await me(here, tokens)).status, (await refresh(there, tokens)).status]).toEqual([200, 200]);
  });

  it('A39: deleted, its sessions never come back, and nobody can take its client id', async () => {
    const { tokens } = await opened('old-shop');
    await clients('delete', 'old-shop');
    system.clock.advance(5);
    for (const api of [here, there]) {
      expect([kind(await me(api, tokens)), kind(await refresh(api, tokens))]).toEqual([
        '401 token_invalid',
        '401 token_invalid',
      ]);
    }
    const { code, stderr } = await runCli(system.env, ['clients', 'create', '--client-id', 'old-shop']);
    expect([code, stderr]).toEqual([1, 'latchkey: conflict: --client-id is taken\n']);
    expect(await clients('list')).not.toContainEqual(expect.objectContaining({ clientId: 'old-shop' }));
  });
});

it('A47: the pages of its origins may call us, by exact match, on every instance within 5 s, and no longer when it is stopped', async () => {
  const origin = 'https://till.example';
  const shared = (page: string) =>
    Promise.all(
      [here, there].map(async (api) => {
        const headers = { origin: page, 'access-control-request-method': 'POST' };
        const answer = await api.request('OPTIONS', '/v1/auth/login', undefined, { headers });
        return [answer.status, answer.headers.get('access-control-allow-origin')];
      }),
    );
  const nobody = [
    [405, null],
    [405, null],
  ];
  expect(await shared(origin)).toEqual(nobody);
  await makeClientApp(system, { clientId: 'till', allowedOrigins: [origin] });
  system.clock.advance(5);
  expect(await shared(origin)).toEqual([
    [204, origin],
    [204, origin],
  ]);
  for (const stranger of [`${origin}.evil.example`, `${origin}:8443`, 'http://till.example', 'null']) {
    expect([stranger, await shared(stranger)]).toEqual([stranger, nobody]);
  }
  const ask = (method: string, path: string) =>
    system.admin.request(method, `/v1/admin/clients/till${path}`, undefined, { token: system.adminKey });
  await ask('POST', '/disable');
  system.clock.advance(5);
  expect(await shared(origin)).toEqual(nobody);
  await ask('POST', '/enable');
  expect((await shared(origin))[0]).toEqual([204, origin]);
  await ask('DELETE', '');
  system.clock.advance(5);
  expect(await shared(origin)).toEqual(nobody);
});

/** Without the queue's own bookkeeping, the counters of friction, and the record that a request was refused, once a minute. */
function rowsOf(dump: string): string {
  return dump
    .split('\n-- ')
    .filter((table) =>
      /^public\.(users|registrations|otp_attempts|sessions|audit_log|failure_budgets|rate_limits)\n/.test(table),
    )
    .map((table) => table.replace(/\n.*,input_validation_fail,.*/g, ''))
    .sort()
    .join('\n');
}
