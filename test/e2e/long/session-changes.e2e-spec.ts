// LIMIT_SESSION_CHANGES: what one session may have recorded of it. The log of an auditor is no place that an account can fill (security.md 5.10).
import { startSystem, type System } from '../../support/instance';
import { newcomer, phoneNumbers } from '../../support/person';

const nextPhone = phoneNumbers();
const HOUR_SECONDS = 3600;
let system: System;

beforeAll(async () => {
  system = await startSystem({ env: { LIMIT_SESSION: '120/1m', LIMIT_SESSION_CHANGES: '3/1h' } });
});
afterAll(() => system.stop());

it('a session that changes its account again and again is refused further changes, and recorded no more; reading goes on, and so do others', async () => {
  const { person, tokens } = await newcomer(system, nextPhone());
  const rename = (token: string, n: number) =>
    system.api.request('PATCH', '/v1/users/me', { displayName: `Name ${n}` }, { token });
  const unknown = (token: string) =>
    system.api.request('DELETE', `/v1/auth/sessions/${String(tokens.user['id'])}`, undefined, { token });
  const recorded = async () => {
    const sql = `SELECT count(*)::int AS n FROM audit_log WHERE user_id = $1 AND event IN ('profile_changed', 'authz_fail')`;
    return (await system.database.query<{ n: number }>(sql, [tokens.user['id']])).rows[0]?.n;
  };
  const first = tokens.accessToken;
  expect([(await rename(first, 1)).status, (await rename(first, 2)).status, (await unknown(first)).status]).toEqual([
    200, 200, 404,
  ]);
  for (let n = 0; n < 20; n += 1) {
    const { status, headers } = await (n % 2 === 0 ? rename(first, n) : unknown(first));
    expect(status).toBe(429);
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(HOUR_SECONDS - 60);
  }
  expect(await recorded()).toBe(3);
  expect((await system.api.get('/v1/users/me', { token: first })).status).toBe(200);
  // Who has got hold of one session keeps nobody from ending it from another.
  system.clock.advance(31);
  const second = (await person.again()).accessToken;
  expect((await system.api.request('POST', '/v1/auth/logout-all', undefined, { token: second })).status).toBe(204);
  expect((await system.api.get('/v1/users/me', { token: first })).status).toBe(401);
});

it('without a limit of the session there is none of its changes', async () => {
  const free = await startSystem({ env: { LIMIT_SESSION: 'off', LIMIT_SESSION_CHANGES: '1/1h' } });
  try {
    const { tokens } = await newcomer(free, nextPhone());
    for (const displayName of ['Ada', 'Ben', 'Cleo']) {
      const { status } = await free.api.request(
        'PATCH',
        '/v1/users/me',
        { displayName },
        { token: tokens.accessToken },
      );
      expect(status).toBe(200);
    }
  } finally {
    await free.stop();
  }
});
