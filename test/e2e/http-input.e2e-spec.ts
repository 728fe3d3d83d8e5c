// Hostile values in every field: members that are none of the client's business (A81), payloads for other languages (A85).
// Afterwards the log of the whole run is read: JSON lines only, and nothing in them that was secret (A92).
import { PASSWORD, signUp } from '../support/accounts';
import type { ChallengeBody, ProblemBody, TokensBody } from '../support/api-client';
import { startSystem, type System } from '../support/instance';
import { JSON_TYPE, send } from '../support/raw-http';
import openApi from '../../docs/openapi.json';

const PHONE = '+14152060001';
const DATABASE_TEXT =
  /syntax|relation|column|pg_|sqlstate|invalid byte|constraint|postgres|unterminated|operator|22021|22P0/i;

let system: System;
let tokens: TokensBody;
let next = 100;
const seen = { codes: [] as string[], tokens: [] as string[], phones: new Set<string>([PHONE]) };

beforeAll(async () => {
  system = await startSystem();
  tokens = await signUp(system, PHONE);
  seen.tokens.push(tokens.accessToken, tokens.refreshToken ?? '');
  seen.codes.push(await system.phone.codeFor(PHONE));
});
afterAll(() => system.stop());

function newPhone(): string {
  const phone = `+1415206${String((next += 1)).padStart(4, '0')}`;
  seen.phones.add(phone);
  return phone;
}

async function challengeToken(): Promise<string> {
  const body = { phone: newPhone(), password: PASSWORD };
  const { challengeToken: token } = (await system.api.post<ChallengeBody>('/v1/auth/register', body)).body;
  seen.tokens.push(token);
  return token;
}

/** A body each route would accept, but for the code. */
async function bodies(): Promise<Record<string, Record<string, unknown>>> {
  const token = await challengeToken();
  const client = { locale: 'de', clientId: 'first-party', deviceName: 'Pixel', tokenDelivery: 'body' };
  return {
    register: { phone: newPhone(), password: PASSWORD, email: 'a@example.com', displayName: 'Ada', ...client },
    login: { identifier: newPhone(), password: PASSWORD, ...client },
    'otp/verify': { challengeToken: token, code: '000000', method: 'sms' },
    'otp/resend': { challengeToken: token, channel: 'sms' },
    'otp/status': { challengeToken: token },
  };
}

async function contents(): Promise<unknown> {
  const tables = ['users', 'registrations', 'otp_attempts', 'sessions', 'signing_keys', 'failure_budgets'];
  const sums = tables.map(
    (table) => `(SELECT md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) FROM ${table} t) AS ${table}`,
  );
  return (await system.database.query(`SELECT ${sums.join(', ')}`)).rows[0];
}

describe('fields that are none of the client (A81)', () => {
  const fields = [
    'role',
    'isAdmin',
    'id',
    'userId',
    'phoneVerified',
    'emailVerified',
    'status',
    'failedAttempts',
    'attempts',
    'totpEnabled',
    'passwordHash',
    'password_hash',
    'createdAt',
    'decoy',
    'authEpoch',
    '__proto__',
    'constructor',
    'prototype',
    'toString',
    'hasOwnProperty',
    'valueOf',
  ];

  it('each is 400 on each write, and no row changes', async () => {
    const all = await bodies();
    await system.phone.messageFor([...seen.phones].at(-3) ?? '');
    const before = await contents();
    for (const [route, body] of Object.entries(all)) {
      for (const field of fields) {
        const value = field === 'constructor' ? '{"prototype":{"polluted":1}}' : '{"polluted":1}';
        const text = `${JSON.stringify(body).slice(0, -1)},"${field}":${value}}`;
        const answer = await send(system.api.url, { path: `/v1/auth/${route}`, headers: JSON_TYPE, body: text });
        expect([route, field, answer.status]).toEqual([route, field, 400]);
        expect((JSON.parse(answer.text) as ProblemBody).code).toBe('validation_failed');
      }
    }
    expect(await contents()).toEqual(before);
  });

  it('later answers are clean, and hold no hash and nothing of the row', async () => {
    const me = await system.api.get('/v1/users/me', { token: tokens.accessToken });
    const known = ['id', 'phone', 'email', 'emailVerified', 'displayName', 'locale', 'createdAt', 'secondFactors'];
    expect(Object.keys(me.body).sort()).toEqual(known.sort());
    const { text } = await system.api.post('/v1/auth/otp/status', { challengeToken: await challengeToken() });
    for (const answer of [me.text, text]) expect(answer).not.toMatch(/polluted|\$2b\$|hash|epoch|digest|decoy/i);
  });
});

describe('payloads for other languages (A85)', () => {
  const payloads: unknown[] = [
    "' OR 1=1--",
    "'; SELECT pg_sleep(5)--",
    "x'||pg_sleep(5)||'",
    '$1',
    '\\',
    '%00',
    'a\0b',
    '\ud800',
    '\udfff\ud800',
    '${7*7}{{7*7}}<%= 7*7 %>',
    '../../../../etc/passwd',
    '<img src=x onerror=alert(1)>',
    '\r\n{"event":"fake"}',
    '-1',
    'NaN',
    '9'.repeat(400),
    'a'.repeat(10_000),
    { $gt: '' },
    { $where: 'sleep(5000)' },
    ['x'],
    [[]],
    {},
    Number.MAX_SAFE_INTEGER,
    -1,
    1.5,
    true,
    null,
  ];

  // ASVS 2.2.1, 2.2.2
  it('in each field of each route: refused or taken as text, at once, never a 5xx and no word of a database', async () => {
    for (const [route, body] of Object.entries(await bodies())) {
      for (const field of Object.keys(body)) {
        for (const payload of payloads) {
          const fresh = 'phone' in body ? { ...body, phone: newPhone() } : body;
          const start = performance.now();
          const answer = await system.api.post(`/v1/auth/${route}`, { ...fresh, [field]: payload });
          const tried = [route, field, JSON.stringify(payload).slice(0, 40)];
          expect([...tried, [200, 202, 400, 401, 422, 429].includes(answer.status)]).toEqual([...tried, true]);
          // Random text may hold any three letters.
          expect(answer.text.replace(/[\w-]{40,}/g, '')).not.toMatch(DATABASE_TEXT);
          expect(performance.now() - start).toBeLessThan(3000);
        }
      }
    }
  });

  it('in headers, paths and queries: never a 5xx', async () => {
    const texts = [
      "' OR 1=1--",
      '1;SELECT pg_sleep(5)',
      '%00',
      '${7*7}',
      '..%2f..%2fetc%2fpasswd',
      '\u00e9\u00ff',
      'a'.repeat(2000),
    ];
    const names = [
      'authorization',
      'user-agent',
      'accept',
      'x-request-id',
      'content-type',
      'cookie',
      'origin',
      'accept-language',
    ];
    for (const text of texts) {
      for (const name of names) {
        const headers = { ...JSON_TYPE, [name]: text };
        const answer = await send(system.api.url, {
          path: '/v1/auth/login',
          headers,
          body: '{"identifier":"x","password":"y"}',
        });
        expect([name, text, answer.status < 500]).toEqual([name, text, true]);
        expect(answer.headers['x-request-id']).not.toBe(text);
        expect(
          (await send(system.api.url, { method: 'GET', path: '/v1/users/me', headers: { [name]: text } })).status,
        ).toBe(401);
      }
      const path = `/v1/users/${encodeURIComponent(text)}?sort=${encodeURIComponent(text)}&limit=-1`;
      expect((await send(system.api.url, { method: 'GET', path })).status).toBe(404);
    }
  });

  it('the database still has all its tables, and everybody can log in', async () => {
    const login = await system.api.post('/v1/auth/login', { identifier: PHONE, password: PASSWORD });
    expect(login.status).toBe(200);
  });
});

// ASVS 3.5.3
it('no GET or HEAD changes anything, however often', async () => {
  const paths = Object.entries(openApi.paths).flatMap(([path, methods]) => ('get' in methods ? [path] : []));
  expect(paths.length).toBeGreaterThan(8);
  const before = await contents();
  for (const path of [...paths, ...paths]) {
    const named = path.replace(/\{[^}]+\}/g, '018f3a5c-0000-7000-8000-000000000000');
    for (const method of ['GET', 'HEAD']) {
      const headers = { authorization: `Bearer ${tokens.accessToken}` };
      const { status } = await send(system.api.url, { method, path: named, headers });
      expect([path, status < 500]).toEqual([path, true]);
    }
  }
  expect(await contents()).toEqual(before);
});

// ASVS 16.2.4
it('every line of the log is JSON on its own, and holds no phone, code, password or token', async () => {
  const { code } = await system.phone.messageFor(PHONE);
  if (code !== null) seen.codes.push(code);
  expect(await system.kill(0, 'SIGTERM')).toBe(0);
  const lines = system
    .logs()
    .split('\n')
    .filter((line) => line !== '');
  expect(lines.length).toBeGreaterThan(500);
  for (const line of lines) {
    const parsed = JSON.parse(line) as Record<string, unknown>;
    expect([typeof parsed, parsed['event'] === 'fake']).toEqual(['object', false]);
  }
  const log = lines.join('\n');
  const secrets = [PASSWORD, ...seen.tokens, ...[...seen.phones].flatMap((phone) => [phone, phone.slice(1)])];
  for (const secret of secrets.filter((text) => text !== '')) expect(log.includes(secret)).toBe(false);
  for (const seenCode of seen.codes) expect(log).not.toMatch(new RegExp(`(?<![0-9a-f.-])${seenCode}(?![0-9a-f.-])`));
});
