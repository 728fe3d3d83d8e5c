// What a person sees of their sessions and how they end them, on two instances: the one that ends it knows at once, the other
// within 5 s (A38, A39).
import { setTimeout as sleep } from 'node:timers/promises';
import type { ApiClient, TokensBody } from '../support/api-client';
import { kind, meAt, refreshAt } from '../support/credentials';
import { aString, like } from '../support/expected';
import { startSystem, type System } from '../support/instance';
import { newcomer, phoneNumbers } from '../support/person';
import { listAt, recordedOf, sessionIdOf } from '../support/sessions';

const nextPhone = phoneNumbers();
let system: System;
let here: ApiClient;
let there: ApiClient;

beforeAll(async () => {
  system = await startSystem({
    instances: 2,
    env: { JWT_ISSUER: 'https://id.example', LIMIT_UNAUTHENTICATED: 'off', LIMIT_SMS_DESTINATION: 'off' },
  });
  [here, there] = system.both;
});
afterAll(() => system.stop());

describe('the list', () => {
  it('names the device, tells which session asks, and shows nothing of the tokens', async () => {
    const { person, tokens } = await newcomer(system, nextPhone(), { deviceName: 'Kitchen tablet' });
    const second = await person.again({ deviceName: 'Phone' });
    const { items, nextCursor } = await listAt(here, second);
    expect(nextCursor).toBeNull();
    expect(items.map(({ id, current, deviceName }) => ({ id, current, deviceName }))).toEqual([
      { id: sessionIdOf(second), current: true, deviceName: 'Phone' },
      { id: sessionIdOf(tokens), current: false, deviceName: 'Kitchen tablet' },
    ]);
    expect(Object.keys(items[0] ?? {}).sort()).toEqual([
      'address',
      'createdAt',
      'current',
      'deviceName',
      'expiresAt',
      'id',
      'lastUsedAt',
      'userAgent',
    ]);
    expect(items[0]).toMatchObject({ address: '127.0.0.1', userAgent: aString, createdAt: like(/Z$/) });
  });

  it('tells when a session was last used and from where, by its newest refresh', async () => {
    const { tokens } = await newcomer(system, nextPhone());
    const [before] = (await listAt(here, tokens)).items;
    system.clock.advance(60);
    const headers = { 'user-agent': 'Tablet/2' };
    const body = { refreshToken: tokens.refreshToken };
    const renewed = await here.post<TokensBody>('/v1/auth/token/refresh', body, { headers });
    const [after] = (await listAt(here, renewed.body)).items;
    expect(Date.parse(after?.lastUsedAt ?? '') - Date.parse(before?.lastUsedAt ?? '')).toBeGreaterThanOrEqual(60_000);
    expect(after).toMatchObject({ userAgent: 'Tablet/2', createdAt: before?.createdAt });
    expect(Date.parse(after?.expiresAt ?? '')).toBeGreaterThan(Date.parse(before?.expiresAt ?? ''));
  });

  it('is shut without a token', async () => {
    expect(kind(await here.get('/v1/auth/sessions'))).toBe('401 token_invalid');
  });
});

describe('logout', () => {
  it('A38: access ends at once here and within 5 s there, refresh at once; the other device lives; repeats and junk are 204', async () => {
    const { person, tokens } = await newcomer(system, nextPhone());
    const other = await person.again();
    // The other instance has just looked and remembers that it lives.
    expect((await meAt(there, tokens)).status).toBe(200);
    expect((await here.post('/v1/auth/logout', { refreshToken: tokens.refreshToken })).status).toBe(204);
    expect(kind(await meAt(here, tokens))).toBe('401 token_invalid');
    for (const api of [here, there]) expect(kind(await refreshAt(api, tokens))).toBe('401 token_invalid');
    system.clock.advance(5);
    expect(kind(await meAt(there, tokens))).toBe('401 token_invalid');
    for (const refreshToken of [tokens.refreshToken, 'junk', `rf_k1_${'A'.repeat(91)}`, other.accessToken, '']) {
      expect((await here.post('/v1/auth/logout', { refreshToken })).status).toBe(204);
    }
    for (const token of ['junk', 'a.b.c', tokens.accessToken]) {
      expect((await here.post('/v1/auth/logout', undefined, { token })).status).toBe(204);
    }
    expect((await here.post('/v1/auth/logout')).status).toBe(204);
    expect((await meAt(here, other)).status).toBe(200);
    expect(await recordedOf(system, sessionIdOf(tokens), 'session_logout')).toBe(1);
  });

  it('takes an access token that has expired, and no forged one', async () => {
    const { person, tokens } = await newcomer(system, nextPhone());
    const forged = `${tokens.accessToken.slice(0, -8)}AAAAAAAA`;
    await here.post('/v1/auth/logout', {}, { token: forged });
    expect((await meAt(here, tokens)).status).toBe(200);
    system.clock.advance(1000);
    expect((await meAt(here, tokens)).status).toBe(401);
    expect((await here.post('/v1/auth/logout', {}, { token: tokens.accessToken })).status).toBe(204);
    expect(kind(await refreshAt(here, tokens))).toBe('401 token_invalid');
    expect((await listAt(here, await person.again())).items).toHaveLength(1);
  });

  it('a stranger’s refresh token ends the stranger’s session only', async () => {
    const [mine, theirs] = [await newcomer(system, nextPhone()), await newcomer(system, nextPhone())];
    await here.post('/v1/auth/logout', { refreshToken: theirs.tokens.refreshToken });
    expect((await meAt(here, mine.tokens)).status).toBe(200);
    expect((await meAt(here, theirs.tokens)).status).toBe(401);
  });

  it('of all: every session is dead within 5 s everywhere, and the person can sign in again', async () => {
    const { person, tokens } = await newcomer(system, nextPhone());
    const other = await person.again();
    expect((await meAt(there, other)).status).toBe(200);
    expect((await here.post('/v1/auth/logout-all', {}, { token: tokens.accessToken })).status).toBe(204);
    for (const dead of [tokens, other]) {
      expect(kind(await meAt(here, dead))).toBe('401 token_invalid');
      expect(kind(await refreshAt(there, dead))).toBe('401 token_invalid');
    }
    system.clock.advance(5);
    expect((await meAt(there, other)).status).toBe(401);
    expect((await listAt(here, await person.again())).items).toHaveLength(1);
    expect(await recordedOf(system, sessionIdOf(tokens), 'session_logout_all')).toBe(1);
  });

  it('of all takes no field and no refresh token', async () => {
    const { tokens } = await newcomer(system, nextPhone());
    const options = { token: tokens.accessToken };
    for (const body of [{ all: true }, { nothing: 1 }, { nothing: null }]) {
      expect(kind(await here.post('/v1/auth/logout-all', body, options))).toBe('400 validation_failed');
    }
    expect(kind(await here.post('/v1/auth/logout-all', {}, { token: tokens.refreshToken ?? '' }))).toBe(
      '401 token_type_invalid',
    );
    expect((await here.post('/v1/auth/logout-all', undefined, options)).status).toBe(204);
  });
});

it('A39: a disabled account is dead within 5 s with everything it holds, a deleted one too, and never a 500', async () => {
  for (const change of [
    `UPDATE users SET status = 'disabled' WHERE phone = $1`,
    'DELETE FROM users WHERE phone = $1',
  ]) {
    const { person, tokens } = await newcomer(system, nextPhone());
    const { body: pending } = await person.login();
    const code = await person.codeOf(pending.challengeToken);
    for (const api of [here, there]) expect((await meAt(api, tokens)).status).toBe(200);
    await system.database.query(change, [person.phone]);
    expect(kind(await refreshAt(there, tokens))).toBe('401 token_invalid');
    system.clock.advance(5);
    for (const api of [here, there]) expect(kind(await meAt(api, tokens))).toBe('401 token_invalid');
    expect((await person.verify(pending.challengeToken, code)).status).toBe(401);
  }
});

it('A44: behind one cache two people never see each other’s answers: nothing is stored, nothing has a tag, no 304', async () => {
  const [one, two] = [await newcomer(system, nextPhone()), await newcomer(system, nextPhone())];
  const first = await meAt(here, one.tokens);
  const headers = { 'if-none-match': first.headers.get('etag') ?? '*', 'if-modified-since': new Date().toUTCString() };
  const again = await here.get('/v1/users/me', { token: two.tokens.accessToken, headers });
  expect(again.status).toBe(200);
  expect(again.body).toMatchObject({ id: two.tokens.user['id'] });
  const list = await here.get('/v1/auth/sessions', { token: one.tokens.accessToken });
  for (const answer of [first, again, list, await refreshAt(here, one.tokens)]) {
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.headers.get('etag')).toBeNull();
    expect(answer.headers.get('last-modified')).toBeNull();
    expect(answer.headers.get('vary')).toBe('Origin');
  }
});

it('A38: without a clock to move, another instance knows of a logout within 6 s', async () => {
  const { tokens } = await newcomer(system, nextPhone());
  expect((await meAt(there, tokens)).status).toBe(200);
  await here.post('/v1/auth/logout', { refreshToken: tokens.refreshToken });
  const since = performance.now();
  while ((await meAt(there, tokens)).status === 200) {
    if (performance.now() - since > 6000) throw new Error('still alive after 6 s');
    await sleep(100);
  }
});
