// What a person sees of their sessions and how they end them, on two instances: the one that ends it knows at once, the other
// within 5 s (A38, A39, A43).
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ApiAnswer, ApiClient, ProblemBody, TokensBody } from '../support/api-client';
import { aString, like } from '../support/expected';
import { startSystem, type System } from '../support/instance';
import { Person, phoneNumbers } from '../support/person';

interface SessionBody {
  readonly id: string;
  readonly current: boolean;
  readonly deviceName: string | null;
  readonly userAgent: string | null;
  readonly address: string | null;
  readonly createdAt: string;
  readonly lastUsedAt: string;
  readonly expiresAt: string;
}

interface ListBody {
  readonly items: readonly SessionBody[];
  readonly nextCursor: string | null;
}

const nextPhone = phoneNumbers();
let system: System;
let here: ApiClient;
let there: ApiClient;

beforeAll(async () => {
  system = await startSystem({
    instances: 2,
    env: { JWT_ISSUER: 'https://id.example', LIMIT_UNAUTHENTICATED: 'off', LIMIT_SMS_DESTINATION: 'off' },
  });
  [here, there] = system.apis as [ApiClient, ApiClient];
});
afterAll(() => system.stop());

async function newPerson(extra = {}): Promise<{ person: Person; tokens: TokensBody }> {
  const person = new Person(system, nextPhone());
  return { person, tokens: await person.joined(extra) };
}

async function another(person: Person, extra = {}): Promise<TokensBody> {
  const { token, code } = await person.challenged('login', extra);
  return (await person.verify(token, code)).body;
}

const refresh = (api: ApiClient, { refreshToken }: TokensBody) =>
  api.post<TokensBody & ProblemBody>('/v1/auth/token/refresh', { refreshToken });
const me = (api: ApiClient, { accessToken }: TokensBody) =>
  api.get<ProblemBody>('/v1/users/me', { token: accessToken });
const list = async (api: ApiClient, { accessToken }: TokensBody) =>
  (await api.get<ListBody>('/v1/auth/sessions', { token: accessToken })).body;
const end = (api: ApiClient, { accessToken }: TokensBody, id: string) =>
  api.request<ProblemBody>('DELETE', `/v1/auth/sessions/${id}`, undefined, { token: accessToken });
const kind = ({ status, body }: ApiAnswer<ProblemBody>) => `${status} ${body?.code ?? ''}`.trim();

function sidOf({ accessToken }: TokensBody): string {
  const payload = JSON.parse(Buffer.from(accessToken.split('.')[1] ?? '', 'base64url').toString()) as { sid: string };
  return payload.sid;
}

/** Messages without a code, once there are so many. */
async function noticesTo(phone: string, count: number): Promise<string[]> {
  for (const until = performance.now() + 20_000; ; await sleep(20)) {
    const notices = (await system.phone.messages(phone)).filter(({ code }) => code === null);
    if (notices.length >= count || performance.now() > until) return notices.map(({ text }) => text);
  }
}

async function recordedNotices(phone: string): Promise<number> {
  const sql = 'SELECT count(*)::int AS n FROM notices WHERE phone = $1';
  return (await system.database.query<{ n: number }>(sql, [phone])).rows[0]?.n ?? 0;
}

async function recorded(event: string, session: string): Promise<number> {
  const sql = 'SELECT count(*)::int AS n FROM audit_log WHERE event = $1 AND (session_id = $2 OR ref = $2)';
  const { rows } = await system.database.query<{ n: number }>(sql, [event, session]);
  return rows[0]?.n ?? 0;
}

describe('the list', () => {
  it('names the device, tells which session asks, and shows nothing of the tokens', async () => {
    const { person, tokens } = await newPerson({ deviceName: 'Kitchen tablet' });
    const second = await another(person, { deviceName: 'Phone' });
    const { items, nextCursor } = await list(here, second);
    expect(nextCursor).toBeNull();
    expect(items.map(({ id, current, deviceName }) => ({ id, current, deviceName }))).toEqual([
      { id: sidOf(second), current: true, deviceName: 'Phone' },
      { id: sidOf(tokens), current: false, deviceName: 'Kitchen tablet' },
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
    const { tokens } = await newPerson();
    const [before] = (await list(here, tokens)).items;
    system.clock.advance(60);
    const headers = { 'user-agent': 'Tablet/2' };
    const body = { refreshToken: tokens.refreshToken };
    const renewed = await here.post<TokensBody>('/v1/auth/token/refresh', body, { headers });
    const [after] = (await list(here, renewed.body)).items;
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
    const { person, tokens } = await newPerson();
    const other = await another(person);
    // The other instance has just looked and remembers that it lives.
    expect((await me(there, tokens)).status).toBe(200);
    expect((await here.post('/v1/auth/logout', { refreshToken: tokens.refreshToken })).status).toBe(204);
    expect(kind(await me(here, tokens))).toBe('401 token_invalid');
    for (const api of [here, there]) expect(kind(await refresh(api, tokens))).toBe('401 token_invalid');
    system.clock.advance(5);
    expect(kind(await me(there, tokens))).toBe('401 token_invalid');
    for (const refreshToken of [tokens.refreshToken, 'junk', `rf_k1_${'A'.repeat(91)}`, other.accessToken, '']) {
      expect((await here.post('/v1/auth/logout', { refreshToken })).status).toBe(204);
    }
    for (const token of ['junk', 'a.b.c', tokens.accessToken]) {
      expect((await here.post('/v1/auth/logout', undefined, { token })).status).toBe(204);
    }
    expect((await here.post('/v1/auth/logout')).status).toBe(204);
    expect((await me(here, other)).status).toBe(200);
    expect(await recorded('session_logout', sidOf(tokens))).toBe(1);
  });

  it('takes an access token that has expired, and no forged one', async () => {
    const { person, tokens } = await newPerson();
    const forged = `${tokens.accessToken.slice(0, -8)}AAAAAAAA`;
    await here.post('/v1/auth/logout', {}, { token: forged });
    expect((await me(here, tokens)).status).toBe(200);
    system.clock.advance(1000);
    expect((await me(here, tokens)).status).toBe(401);
    expect((await here.post('/v1/auth/logout', {}, { token: tokens.accessToken })).status).toBe(204);
    expect(kind(await refresh(here, tokens))).toBe('401 token_invalid');
    expect((await list(here, await another(person))).items).toHaveLength(1);
  });

  it('a stranger’s refresh token ends the stranger’s session only', async () => {
    const [mine, theirs] = [await newPerson(), await newPerson()];
    await here.post('/v1/auth/logout', { refreshToken: theirs.tokens.refreshToken });
    expect((await me(here, mine.tokens)).status).toBe(200);
    expect((await me(here, theirs.tokens)).status).toBe(401);
  });

  it('of all: every session is dead within 5 s everywhere, and the person can sign in again', async () => {
    const { person, tokens } = await newPerson();
    const other = await another(person);
    expect((await me(there, other)).status).toBe(200);
    expect((await here.post('/v1/auth/logout-all', {}, { token: tokens.accessToken })).status).toBe(204);
    for (const dead of [tokens, other]) {
      expect(kind(await me(here, dead))).toBe('401 token_invalid');
      expect(kind(await refresh(there, dead))).toBe('401 token_invalid');
    }
    system.clock.advance(5);
    expect((await me(there, other)).status).toBe(401);
    expect((await list(here, await another(person))).items).toHaveLength(1);
    expect(await recorded('session_logout_all', sidOf(tokens))).toBe(1);
  });

  it('of all takes no field and no refresh token', async () => {
    const { tokens } = await newPerson();
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

describe('ending all others', () => {
  const endOthers = (api: ApiClient, { accessToken }: TokensBody) =>
    api.request<ProblemBody>('DELETE', '/v1/auth/sessions', undefined, { token: accessToken });

  it('leaves the one that asks, ends the rest everywhere within 5 s, and a sign-in that waits for its code', async () => {
    const { person, tokens } = await newPerson();
    const [kept, third] = [await another(person), await another(person)];
    const { token, code } = await person.challenged('login');
    for (const dead of [tokens, third]) expect((await me(there, dead)).status).toBe(200);
    expect((await endOthers(here, kept)).status).toBe(204);
    for (const dead of [tokens, third]) {
      expect(kind(await me(here, dead))).toBe('401 token_invalid');
      expect(kind(await refresh(there, dead))).toBe('401 token_invalid');
    }
    expect((await person.verify(token, code)).status).toBe(401);
    for (const api of [here, there]) expect((await me(api, kept)).status).toBe(200);
    const renewed = await refresh(there, kept);
    expect(renewed.status).toBe(200);
    expect((await list(here, renewed.body)).items.map(({ id }) => id)).toEqual([sidOf(kept)]);
    system.clock.advance(5);
    for (const dead of [tokens, third]) expect((await me(there, dead)).status).toBe(401);
    expect(await recorded('session_logout_others', sidOf(kept))).toBe(1);
  });

  it('is refused to a session that has ended, even where that is not known yet, and then ends nothing', async () => {
    const { person, tokens } = await newPerson();
    const other = await another(person);
    expect((await me(there, other)).status).toBe(200);
    expect((await end(here, tokens, sidOf(other))).status).toBe(204);
    expect(kind(await endOthers(there, other))).toBe('401 token_invalid');
    expect((await me(here, tokens)).status).toBe(200);
    expect((await refresh(there, tokens)).status).toBe(200);
  });
});

describe('ending one', () => {
  it('ends that one at once and no other', async () => {
    const { person, tokens } = await newPerson();
    const lost = await another(person);
    expect((await end(here, tokens, sidOf(lost))).status).toBe(204);
    expect(kind(await me(here, lost))).toBe('401 token_invalid');
    expect(kind(await refresh(there, lost))).toBe('401 token_invalid');
    expect((await me(here, tokens)).status).toBe(200);
    expect(kind(await end(here, tokens, sidOf(lost)))).toBe('404 not_found');
    expect(await recorded('session_logout', sidOf(lost))).toBe(1);
    expect(await recorded('authz_fail', sidOf(lost))).toBe(0);
  });

  it('A43: another person’s session looks like one that never was, stays alive, and the attempt is recorded', async () => {
    const [mallory, victim] = [await newPerson(), await newPerson()];
    const ids = [sidOf(victim.tokens), randomUUID(), '1', 'me', '%27%20OR%201=1--', `${sidOf(victim.tokens)}x`, '%00'];
    const answers: unknown[] = [];
    for (const id of ids) {
      const { status, body } = await end(here, mallory.tokens, id);
      const { requestId, ...rest } = body;
      expect(requestId).toEqual(aString);
      answers.push({ status, rest });
    }
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(answers[0]).toMatchObject({ status: 404, rest: { code: 'not_found' } });
    expect((await me(here, victim.tokens)).status).toBe(200);
    expect((await refresh(here, victim.tokens)).status).toBe(200);
    expect(await recorded('authz_fail', sidOf(victim.tokens))).toBe(1);
    expect(await recorded('authz_fail', sidOf(mallory.tokens))).toBe(ids.length);
  });
});

it('A39: a disabled account is dead within 5 s with everything it holds, a deleted one too, and never a 500', async () => {
  for (const change of [
    `UPDATE users SET status = 'disabled' WHERE phone = $1`,
    'DELETE FROM users WHERE phone = $1',
  ]) {
    const { person, tokens } = await newPerson();
    const { body: pending } = await person.login();
    const code = await person.codeOf(pending.challengeToken);
    for (const api of [here, there]) expect((await me(api, tokens)).status).toBe(200);
    await system.database.query(change, [person.phone]);
    expect(kind(await refresh(there, tokens))).toBe('401 token_invalid');
    system.clock.advance(5);
    for (const api of [here, there]) expect(kind(await me(api, tokens))).toBe('401 token_invalid');
    expect((await person.verify(pending.challengeToken, code)).status).toBe(401);
  }
});

it('A44: behind one cache two people never see each other’s answers: nothing is stored, nothing has a tag, no 304', async () => {
  const [one, two] = [await newPerson(), await newPerson()];
  const first = await me(here, one.tokens);
  const headers = { 'if-none-match': first.headers.get('etag') ?? '*', 'if-modified-since': new Date().toUTCString() };
  const again = await here.get('/v1/users/me', { token: two.tokens.accessToken, headers });
  expect(again.status).toBe(200);
  expect(again.body).toMatchObject({ id: two.tokens.user['id'] });
  const list = await here.get('/v1/auth/sessions', { token: one.tokens.accessToken });
  for (const answer of [first, again, list, await refresh(here, one.tokens)]) {
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.headers.get('etag')).toBeNull();
    expect(answer.headers.get('last-modified')).toBeNull();
  }
});

it('A38: without a clock to move, another instance knows of a logout within 6 s', async () => {
  const { tokens } = await newPerson();
  expect((await me(there, tokens)).status).toBe(200);
  await here.post('/v1/auth/logout', { refreshToken: tokens.refreshToken });
  const since = performance.now();
  while ((await me(there, tokens)).status === 200) {
    if (performance.now() - since > 6000) throw new Error('still alive after 6 s');
    await sleep(100);
  }
});

// ASVS 7.1.2
it('an eleventh sign-in ends the session that was unused for longest, and only that, and its owner is told once a day', async () => {
  const { person, tokens } = await newPerson();
  const all = [tokens];
  for (let count = 2; count <= 10; count += 1) {
    system.clock.advance(1);
    all.push(await another(person));
  }
  system.clock.advance(1);
  // The oldest is in use, so the next oldest is the one to go.
  const first = (await refresh(here, tokens)).body;
  expect((await list(here, first)).items).toHaveLength(10);
  system.clock.advance(1);
  const eleventh = await another(person);
  const { items } = await list(here, eleventh);
  expect(items.map(({ id }) => id)).toEqual([eleventh, first, ...all.slice(2).reverse()].map(sidOf));
  expect(kind(await refresh(here, all[1] ?? tokens))).toBe('401 token_invalid');
  expect(await recorded('session_expired', sidOf(all[1] ?? tokens))).toBe(1);
  expect(await noticesTo(person.phone, 1)).toEqual([like(/11th device.*Not you\?/)]);
  system.clock.advance(1);
  await another(person);
  expect((await list(here, eleventh)).items).toHaveLength(10);
  expect(await recordedNotices(person.phone)).toBe(1);
});
