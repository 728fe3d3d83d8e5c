// Whatever breaks behind a route, its answer is a generic problem document with a request id (A93): no stack, no SQL, no host,
// no version. The reason is in the log, under that id.
import { PASSWORD, signUp } from '../support/accounts';
import { ApiClient, type ChallengeBody, type TokensBody } from '../support/api-client';
import { onServer } from '../support/database';
import { startSystem, type System } from '../support/instance';
import { until } from '../support/patience';
import { JSON_TYPE, problemIn, send } from '../support/raw-http';

const PHONE = '+14152050001';
const LEAKS =
  /\bat .+:\d+|node_modules|\.[jt]s\b|select |insert |update |relation|column|permission|pg_|users\b|postgres|typeorm|fastify|nest|telnyx|127\.0\.0\.1|localhost|ECONN|\d+\.\d+\.\d+/i;
const GENERIC: Record<string, number> = { internal: 500, not_ready: 503, overloaded: 503, provider_unavailable: 503 };

let system: System;
let tokens: TokensBody;
let challenge: ChallengeBody;
beforeAll(async () => {
  system = await startSystem();
  tokens = await signUp(system, PHONE);
  await newChallenge();
});
afterAll(() => system.stop());

async function newChallenge(): Promise<void> {
  challenge = (await system.api.post<ChallengeBody>('/v1/auth/login', { identifier: PHONE, password: PASSWORD })).body;
}

const requests = () => {
  const post = (path: string, body: object) => ({
    method: 'POST',
    path,
    headers: JSON_TYPE,
    body: JSON.stringify(body),
  });
  const { challengeToken } = challenge;
  return [
    post('/v1/auth/register', { phone: '+14152050002', password: PASSWORD }),
    post('/v1/auth/login', { identifier: PHONE, password: PASSWORD }),
    post('/v1/auth/otp/verify', { challengeToken, code: '000000' }),
    post('/v1/auth/otp/resend', { challengeToken }),
    post('/v1/auth/otp/status', { challengeToken }),
    { method: 'GET', path: '/v1/users/me', headers: { authorization: `Bearer ${tokens.accessToken}` } },
  ];
};

/** @returns how many requests the break showed in */
async function expectGeneric(api: ApiClient = system.api): Promise<number> {
  let broken = 0;
  for (const request of requests()) {
    const answer = await send(api.url, request);
    if (answer.status < 500) continue;
    broken += 1;
    const problem = problemIn(answer.text);
    expect([request.path, GENERIC[problem.code]]).toEqual([request.path, answer.status]);
    expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8');
    expect([problem.requestId, problem.type]).toEqual([
      answer.headers['x-request-id'],
      `urn:latchkey:problem:${problem.code}`,
    ]);
    expect(Object.keys(problem).filter((key) => !MEMBERS.includes(key))).toEqual([]);
    expect(JSON.stringify({ ...problem, requestId: '' })).not.toMatch(LEAKS);
    const { headers } = answer;
    expect(JSON.stringify({ ...headers, 'x-request-id': '' })).not.toMatch(/nest|postgres|node|express|select/i);
    expect([headers['cache-control'], headers['x-content-type-options']]).toEqual(['no-store', 'nosniff']);
    expect(headers['content-security-policy']).toBeDefined();
    // Written before the answer; read here when its pipe has its turn.
    await until(() => system.logs().includes(problem.requestId ?? 'no id'), 'its log line', 30_000, 1);
  }
  return broken;
}

const MEMBERS = ['type', 'title', 'status', 'detail', 'code', 'requestId', 'retryAfter'];

it('with nothing broken no route answers 5xx', async () => {
  expect(await expectGeneric()).toBe(0);
});

it.each([
  ['users', 2],
  ['registrations', 1],
  ['otp_attempts', 4],
  ['audit_log', 2],
  ['sessions', 1],
  ['failure_budgets', 1],
])('the table %s is gone', async (table, atLeast) => {
  system.clock.advance(61);
  await newChallenge();
  system.clock.advance(6); // what is remembered of the session is older than 5 s then
  await system.database.query(`ALTER TABLE ${table} RENAME TO hidden_${table}`);
  try {
    expect(await expectGeneric()).toBeGreaterThanOrEqual(atLeast);
  } finally {
    await system.database.query(`ALTER TABLE hidden_${table} RENAME TO ${table}`);
  }
});

it('what is in the log names lines of the sources', () => {
  expect(system.logs()).toMatch(/at [^"]+\/src\/database\/database\.service\.ts:\d+\b/);
  expect(system.logs()).not.toContain('programs.js');
});

it('the database is away', async () => {
  system.clock.advance(61);
  await newChallenge();
  system.clock.advance(6);
  const name = new URL(system.databaseUrl).pathname.slice(1);
  await onServer(`ALTER DATABASE ${name} WITH ALLOW_CONNECTIONS false`);
  try {
    await onServer(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}' AND application_name <> ''`,
    );
    expect(await expectGeneric()).toBe(requests().length);
  } finally {
    await onServer(`ALTER DATABASE ${name} WITH ALLOW_CONNECTIONS true`);
  }
  await until(async () => (await system.api.get('/health/ready')).status === 200, 'readiness');
});

it.each(['status', 'reset', 'garbage', 'hang'])(
  'the vendor plays %s: the answer does not wait for it and tells nothing',
  async (kind) => {
    system.clock.advance(61);
    await fetch(`${system.simulator}/faults/telnyx`, { method: 'PUT', body: JSON.stringify({ kind }) });
    try {
      expect(await expectGeneric()).toBe(0);
    } finally {
      await fetch(`${system.simulator}/faults/telnyx`, { method: 'DELETE' });
    }
  },
);

it('the signing key is damaged: verify gives no tokens and says nothing of it; readiness tells, and the public keys stay', async () => {
  system.clock.advance(61);
  const phone = '+14152050003';
  const { body } = await system.api.post<ChallengeBody>('/v1/auth/register', { phone, password: PASSWORD });
  const code = await system.phone.codeFor(phone);
  await system.database.query(`UPDATE signing_keys SET private_sealed = decode('00', 'hex')`);
  await system.restart(0);
  challenge = body;
  expect(await expectGeneric()).toBeGreaterThanOrEqual(1);
  const answer = await system.api.post('/v1/auth/otp/verify', { challengeToken: body.challengeToken, code });
  expect([answer.status, answer.body['code']]).toEqual([503, 'not_ready']);
  expect((await system.api.get('/health/ready')).status).toBe(503);
  expect((await system.api.get('/.well-known/jwks.json')).status).toBe(200);
});
