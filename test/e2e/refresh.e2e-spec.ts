// Refresh over HTTP (design D9): rotation, the 10 s in which a lost answer can be had again, theft noticed after that, limits
// of a session's life. Time is moved, never waited for. The races are in test/races/refresh.e2e-spec.ts.
import type { ApiAnswer, ProblemBody, TokensBody } from '../support/api-client';
import { claimsOf, kind } from '../support/credentials';
import { everyTable } from '../support/dump';
import { aNumber, aString, like } from '../support/expected';
import { startSystem, type System } from '../support/instance';
import { Person, phoneNumbers } from '../support/person';
import { sessionIdOf } from '../support/sessions';

interface Renewed extends TokensBody {
  readonly refreshToken: string;
  readonly refreshExpiresIn: number;
}
type RefreshAnswer = ApiAnswer<Renewed & ProblemBody>;

const HOUR = 3600;
const DAY = 24 * HOUR;
const nextPhone = phoneNumbers();
let system: System;

beforeAll(async () => {
  system = await startSystem({ env: { LIMIT_UNAUTHENTICATED: 'off', LIMIT_REFRESH_FAMILY: '5/1m' } });
});
afterAll(() => system.stop());

const joined = async (): Promise<Renewed> => (await new Person(system, nextPhone()).joined()) as Renewed;
const refresh = (refreshToken: unknown): Promise<RefreshAnswer> =>
  system.api.post('/v1/auth/token/refresh', { refreshToken });
const me = ({ accessToken }: TokensBody) => system.api.get<ProblemBody>('/v1/users/me', { token: accessToken });
const refused = async (refreshToken: unknown) => kind(await refresh(refreshToken));

async function renewed(refreshToken: string): Promise<Renewed> {
  const answer = await refresh(refreshToken);
  if (answer.status !== 200) throw new Error(`refresh: ${answer.status} ${answer.text}`);
  return answer.body;
}

async function recorded(event: string, tokens: TokensBody): Promise<number> {
  const sql = 'SELECT count(*)::int AS n FROM audit_log WHERE event = $1 AND session_id = $2';
  const { rows } = await system.database.query<{ n: number }>(sql, [event, sessionIdOf(tokens)]);
  return rows[0]?.n ?? 0;
}

describe('rotation', () => {
  it('answers as verify does, with a new refresh token and an access token of the same session', async () => {
    const first = await joined();
    system.clock.advance(60);
    const second = await renewed(first.refreshToken);
    expect(second).toEqual({
      tokenType: 'Bearer',
      accessToken: aString,
      expiresIn: 600,
      refreshToken: aString,
      refreshExpiresIn: aNumber,
      user: first.user,
    });
    expect(second.refreshToken).not.toBe(first.refreshToken);
    expect(second.accessToken).not.toBe(first.accessToken);
    expect((await me(second)).status).toBe(200);
    expect(await recorded('session_renewed', first)).toBe(1);
  });

  it('never renews auth_time, and keeps how the person signed in', async () => {
    const first = await joined();
    let last = first;
    for (let step = 0; step < 3; step += 1) {
      system.clock.advance(500);
      last = await renewed(last.refreshToken);
    }
    const { sid, sub, auth_time, amr, acr, client_id, iat } = claimsOf(first);
    expect(claimsOf(last)).toMatchObject({ sid, sub, auth_time, amr, acr, client_id });
    expect(claimsOf(last)['iat']).toBeGreaterThanOrEqual((iat as number) + 1500);
  });
});

describe('what is no refresh token', () => {
  it('A29: an access token or a pending challenge is 401, and a refresh token opens no door', async () => {
    const person = new Person(system, nextPhone());
    const tokens = (await person.joined()) as Renewed;
    const { body } = await person.login();
    for (const wrong of [tokens.accessToken, body.challengeToken, `ak_${'x'.repeat(43)}`]) {
      expect(await refused(wrong)).toBe('401 token_invalid');
    }
    const asBearer = { ...tokens, accessToken: tokens.refreshToken };
    expect(kind(await me(asBearer))).toBe('401 token_type_invalid');
    expect((await me(tokens)).status).toBe(200);
  });

  it('junk is 401 and a body without a token is 400', async () => {
    const { refreshToken } = await joined();
    const last = refreshToken.at(-2) === 'A' ? 'B' : 'A';
    const bent = `${refreshToken.slice(0, -2)}${last}${refreshToken.at(-1) ?? ''}`;
    for (const junk of ['', 'rf_', `rf_k1_${'A'.repeat(91)}`, bent, `${refreshToken} `, 'x'.repeat(4000)]) {
      expect(await refused(junk)).toBe('401 token_invalid');
    }
    for (const body of [
      undefined,
      {},
      { refreshToken: 5 },
      { refreshToken, more: 1 },
      { refreshToken: [refreshToken] },
    ]) {
      expect(kind(await system.api.post('/v1/auth/token/refresh', body))).toBe('400 validation_failed');
    }
    expect((await refresh(refreshToken)).status).toBe(200);
  });

  it('A30: nothing that lies in the database is a token, and no token lies there', async () => {
    const first = await joined();
    const second = await renewed(first.refreshToken);
    const dump = await everyTable(system);
    for (const { refreshToken, accessToken } of [first, second]) {
      for (const secret of [refreshToken, refreshToken.slice(6), accessToken]) expect(dump).not.toContain(secret);
    }
    const { rows } = await system.database.query<Record<string, unknown>>('SELECT * FROM sessions WHERE id = $1', [
      claimsOf(second)['sid'],
    ]);
    const texts = Object.values(rows[0] ?? {}).flatMap((value) =>
      Buffer.isBuffer(value)
        ? [
            value.toString('hex'),
            value.toString('base64url'),
            `rf_k1_${value.toString('base64url')}`,
            value.toString('latin1'),
          ]
        : typeof value === 'string'
          ? [value]
          : [],
    );
    expect(texts.length).toBeGreaterThan(10);
    for (const text of texts) {
      expect(await refused(text)).toBe('401 token_invalid');
      const header = { authorization: `Bearer ${text.replace(/[^\x20-\x7e]/g, '.')}` };
      expect((await system.api.get('/v1/users/me', { headers: header })).status).toBe(401);
    }
    expect((await me(second)).status).toBe(200);
  });
});

describe('the grace and its end', () => {
  it('A35: a lost answer can be had again for 10 s: the same successor and a pair that works', async () => {
    const first = await joined();
    const lost = await renewed(first.refreshToken);
    system.clock.advance(9);
    const again = await renewed(first.refreshToken);
    expect(again.refreshToken).toBe(lost.refreshToken);
    for (const tokens of [lost, again]) expect((await me(tokens)).status).toBe(200);
    expect((await refresh(again.refreshToken)).status).toBe(200);
    expect(await recorded('authn_token_reuse', first)).toBe(0);
  });

  it('a token two generations old, with both changes within 10 s, is told to be late and ends nothing', async () => {
    const first = await joined();
    const third = await renewed((await renewed(first.refreshToken)).refreshToken);
    expect(await refused(first.refreshToken)).toBe('409 refresh_raced');
    expect((await refresh(third.refreshToken)).status).toBe(200);
    expect(await recorded('authn_token_reuse', first)).toBe(0);
  });

  it('A31, A35: later it is theft: the session is dead with its newest tokens, at once, recorded, and its owner is told', async () => {
    const person = new Person(system, nextPhone());
    const first = (await person.joined()) as Renewed;
    const newest = await system.phone.newest(person.phone);
    const second = await renewed(first.refreshToken);
    expect((await me(second)).status).toBe(200);
    system.clock.advance(11);
    expect(await refused(first.refreshToken)).toBe('401 refresh_reused');
    expect(kind(await me(second))).toBe('401 token_invalid');
    for (const { refreshToken } of [first, second]) expect(await refused(refreshToken)).toBe('401 token_invalid');
    expect(await recorded('authn_token_reuse', first)).toBe(1);
    const notice = await system.phone.messageFor(person.phone, { after: newest });
    expect(notice).toMatchObject({ code: null, text: like(/session was ended.*Not you\?/) });
    // Nothing more comes of the tokens of a session that has ended.
    expect(await refused(first.refreshToken)).toBe('401 token_invalid');
    expect(await recorded('authn_token_reuse', first)).toBe(1);
  });

  it('A31: any older token of the family is theft too, however old', async () => {
    const first = await joined();
    let last = first;
    for (let step = 0; step < 4; step += 1) {
      system.clock.advance(20);
      last = await renewed(last.refreshToken);
    }
    expect(await refused(first.refreshToken)).toBe('401 refresh_reused');
    expect(await refused(last.refreshToken)).toBe('401 token_invalid');
  });

  it('the grace gives nothing once the session has been ended', async () => {
    const first = await joined();
    const second = await renewed(first.refreshToken);
    await system.api.post('/v1/auth/logout', { refreshToken: second.refreshToken });
    for (const { refreshToken } of [first, second]) expect(await refused(refreshToken)).toBe('401 token_invalid');
    expect(await recorded('authn_token_reuse', first)).toBe(0);
  });
});

describe('limits of a session', () => {
  it('A37: unused for 7 days it is over; used every 6 days it is over after 30', async () => {
    const [idle, used] = [await joined(), await joined()];
    let last = used;
    for (let days = 6; days <= 24; days += 6) {
      system.clock.advance(6 * DAY);
      last = await renewed(last.refreshToken);
    }
    expect(await refused(idle.refreshToken)).toBe('401 token_invalid');
    expect(last.refreshExpiresIn).toBeLessThanOrEqual(6 * DAY);
    system.clock.advance(6 * DAY - HOUR);
    last = await renewed(last.refreshToken);
    expect(last.refreshExpiresIn).toBeLessThanOrEqual(HOUR);
    system.clock.advance(HOUR);
    expect(await refused(last.refreshToken)).toBe('401 token_invalid');
    expect(kind(await me(last))).toBe('401 token_invalid');
  });

  it('LIMIT_REFRESH_FAMILY: the sixth change in a minute is 429 and costs nothing; another session is not concerned', async () => {
    let tokens = await joined();
    const other = await joined();
    for (let count = 0; count < 5; count += 1) tokens = await renewed(tokens.refreshToken);
    const answer = await refresh(tokens.refreshToken);
    expect(kind(answer)).toBe('429 rate_limited');
    const wait = Number(answer.headers.get('retry-after'));
    expect(wait).toBeGreaterThan(0);
    expect(wait).toBeLessThanOrEqual(60);
    expect((await refresh(other.refreshToken)).status).toBe(200);
    expect((await me(tokens)).status).toBe(200);
    system.clock.advance(wait);
    expect((await refresh(tokens.refreshToken)).status).toBe(200);
  });
});

describe('the profile strict', () => {
  beforeAll(() => system.restart(0, { SESSION_PROFILE: 'strict', LIMIT_REFRESH_FAMILY: '30/1m' }));

  it('A37: used every half hour it is over after 24 hours; unused for one, it is over then', async () => {
    const idle = await joined();
    let last = await joined();
    for (let halves = 1; halves < 48; halves += 1) {
      system.clock.advance(HOUR / 2);
      last = await renewed(last.refreshToken);
      if (halves === 2) expect(await refused(idle.refreshToken)).toBe('401 token_invalid');
    }
    system.clock.advance(HOUR / 2);
    expect(await refused(last.refreshToken)).toBe('401 token_invalid');
  });
});
