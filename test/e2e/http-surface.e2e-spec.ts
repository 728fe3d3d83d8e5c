// What reaches the API over HTTP in shapes no honest client sends: bodies (A83, A84), methods and paths (A87), host names
// (A97). Every answer is a problem document with the security headers, and nothing of the request comes back in it.
import { gzipSync } from 'node:zlib';
import { PASSWORD, signUp } from '../support/accounts';
import type { ChallengeBody } from '../support/api-client';
import { startSystem, type System } from '../support/instance';
import { residentBytes } from '../support/processes';
import { JSON_TYPE, pour, problemIn, type RawAnswer, send, sendBytes } from '../support/raw-http';

const CANARY = 'cANARYx7';
const ROUTES = ['register', 'login', 'otp/verify', 'otp/resend', 'otp/status'].map((name) => `/v1/auth/${name}`);
const PROTECTED = '/v1/users/me';
const SECURITY_HEADERS = [
  'content-security-policy',
  'strict-transport-security',
  'x-content-type-options',
  'referrer-policy',
  'cross-origin-opener-policy',
  'cross-origin-resource-policy',
  'permissions-policy',
];

let system: System;
beforeAll(async () => {
  system = await startSystem();
});
afterAll(() => system.stop());

function expectProblem(answer: RawAnswer, status: number, code: string): void {
  expect([answer.status, problemIn(answer.text).code]).toEqual([status, code]);
  expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8');
  expect(problemIn(answer.text).requestId).toBe(answer.headers['x-request-id']);
  expectProtected(answer);
  expect(answer.text).not.toContain(CANARY);
  expect(answer.text).not.toMatch(/Unexpected|position|JSON|at .*:\d+/);
}

function expectProtected({ headers }: RawAnswer): void {
  expect(Object.keys(headers)).toEqual(expect.arrayContaining(SECURITY_HEADERS));
  expect(headers['cache-control']).toBe('no-store');
  expect(Object.keys(headers).filter((name) => /^(etag|server|x-powered-by|via)$/.test(name))).toEqual([]);
}

describe('bodies (A83)', () => {
  const bytes = (...parts: (string | number[])[]) =>
    Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.from(part))));

  it.each<[string, Buffer | string]>([
    ['truncated JSON', `{"phone":"${CANARY}`],
    ['a byte order mark', bytes([0xef, 0xbb, 0xbf], '{}')],
    ['invalid UTF-8', bytes('{"phone":"', [0xc3, 0x28], '"}')],
    ['UTF-16', Buffer.from(`{"phone":"${CANARY}"}`, 'utf16le')],
    ['nothing', ''],
    ['an array', `["${CANARY}"]`],
    ['null', 'null'],
    ['a string', `"${CANARY}"`],
    ['a number', '1e309'],
    ['21 levels', `${'{"phone":'.repeat(21)}1${'}'.repeat(21)}`],
    ['two documents', '{}{}'],
  ])('%s is 400 on every route that takes one', async (_, body) => {
    for (const path of ROUTES) {
      expectProblem(await send(system.api.url, { path, headers: JSON_TYPE, body }), 400, 'validation_failed');
    }
  });

  it.each<[string, Record<string, string>, Buffer | string]>([
    ['no content type', {}, `{"phone":"${CANARY}"}`],
    ['text', { 'content-type': 'text/plain' }, '{}'],
    ['a form', { 'content-type': 'application/x-www-form-urlencoded' }, `phone=${CANARY}`],
    ['multipart', { 'content-type': 'multipart/form-data; boundary=x' }, `--x\r\n\r\n${CANARY}\r\n--x--`],
    ['another charset', { 'content-type': 'application/json; charset=latin1' }, '{}'],
    ['a gzip bomb', { ...JSON_TYPE, 'content-encoding': 'gzip' }, gzipSync(Buffer.alloc(10_000_000, ' '))],
  ])('%s is 415 on every route that takes a body', async (_, headers, body) => {
    for (const path of ROUTES) {
      expectProblem(await send(system.api.url, { path, headers, body }), 415, 'unsupported_media_type');
    }
  });

  it('1 MB is 413 and ends the connection, whether announced or not', async () => {
    const body = JSON.stringify({ phone: CANARY.repeat(125_000) });
    for (const path of ROUTES) {
      const head = `POST ${path} HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n`;
      const announced = await sendBytes(system.api.url, `${head}Content-Length: ${body.length}\r\n\r\n`);
      const chunked = await sendBytes(
        system.api.url,
        `${head}Transfer-Encoding: chunked\r\n\r\n8000\r\n${body.slice(0, 0x8000)}\r\n`,
      );
      for (const answer of [announced, chunked]) {
        expect(answer).toMatch(/^HTTP\/1.1 413 /);
        expect(answer.toLowerCase()).toContain('connection: close');
        expect(answer).toContain('"code":"payload_too_large"');
        expect(answer).not.toContain(CANARY);
        for (const name of [...SECURITY_HEADERS, 'cache-control: no-store']) expect(answer).toContain(name);
      }
    }
  });

  it('100 MB in chunks, five times at once, and gzip bombs cost less than 20 MB of memory', async () => {
    const bomb = gzipSync(Buffer.alloc(50_000_000, ' '));
    const round = async () => {
      const total = 100_000_000;
      const taken = await Promise.all([1, 2, 3, 4, 5].map(() => pour(system.api.url, '/v1/auth/register', total)));
      for (const bytes of taken) expect(bytes).toBeLessThan(total);
      await send(system.api.url, {
        path: ROUTES[0] ?? '',
        headers: { ...JSON_TYPE, 'content-encoding': 'gzip' },
        body: bomb.subarray(0, 15_000),
      });
    };
    await round(); // code and connections that are made once
    const before = residentBytes(system.pid(0));
    for (let n = 0; n < 3; n += 1) await round();
    expect(residentBytes(system.pid(0)) - before).toBeLessThan(20_000_000);
    expect((await system.api.get('/health/live')).status).toBe(200);
  });

  // ASVS 4.2.1
  it('a request with two lengths is 400 and ends the connection: nothing is smuggled behind a proxy', async () => {
    const answer = await sendBytes(
      system.api.url,
      `POST ${ROUTES[0]} HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /health/live HTTP/1.1\r\nHost: a\r\n\r\n`,
    );
    expect(answer).toMatch(/^HTTP\/1.1 400 /);
    expect(answer.match(/HTTP\/1.1/g)).toHaveLength(1);
  });
});

describe('one value for one field (A84)', () => {
  const [first, second] = ['+14152000101', '+14152000102'] as const;

  it('a key that comes twice has one value, for the message, the answer and the row alike', async () => {
    const body = `{"phone":"${first}","phone":"${second}","password":"${PASSWORD}"}`;
    const { status, text } = await send(system.api.url, { path: '/v1/auth/register', headers: JSON_TYPE, body });
    expect([status, (JSON.parse(text) as ChallengeBody).destination]).toEqual([202, '+1******0102']);
    await system.phone.codeFor(second);
    expect(await system.phone.messages(first)).toEqual([]);
    const { rows } = await system.database.query<{ phone: string }>('SELECT phone FROM registrations');
    expect(rows).toEqual([{ phone: second }]);
  });

  it.each(['phone=%2B14152000103', 'a[]=1', 'a[x]=1', 'phone[]=1', '__proto__[x]=1', '%zz', 'x'.repeat(3000)])(
    'a query changes nothing: %.40s',
    async (query) => {
      const body = JSON.stringify({ phone: '+14152000104', password: 'short' });
      const path = `/v1/auth/register?${query}`;
      const answer = await send(system.api.url, { path, headers: JSON_TYPE, body });
      expectProblem(answer, 422, 'password_too_short');
      expect(await system.phone.messages('+14152000103')).toEqual([]);
    },
  );
});

// ASVS 4.1.4
describe('methods and paths (A87)', () => {
  it.each(['PUT', 'PATCH', 'DELETE', 'POST', 'OPTIONS', 'TRACE'])(
    '%s where only GET is known is 405',
    async (method) => {
      const answer = await send(system.api.url, { method, path: '/.well-known/jwks.json' });
      expectProblem(answer, 405, 'method_not_allowed');
      expect(answer.headers['allow']).toBe('GET, HEAD');
    },
  );

  it.each(['GET', 'HEAD', 'PUT', 'OPTIONS', 'TRACE'])('%s on routes that are posted to is 405', async (method) => {
    for (const path of ROUTES) {
      const answer = await send(system.api.url, { method, path });
      expect([answer.status, answer.headers['allow']]).toEqual([405, 'POST']);
      expectProtected(answer);
    }
  });

  it('HEAD is guarded as GET is', async () => {
    const answer = await send(system.api.url, { method: 'HEAD', path: PROTECTED });
    expect([answer.status, answer.text]).toEqual([401, '']);
  });

  it.each(['x-http-method-override', 'x-http-method', 'x-method-override'])('%s overrides nothing', async (name) => {
    const read = await send(system.api.url, { method: 'GET', path: PROTECTED, headers: { [name]: 'POST' } });
    expectProblem(read, 401, 'token_invalid');
    const write = { path: '/v1/auth/login?_method=GET', headers: { ...JSON_TYPE, [name]: 'GET' }, body: '{}' };
    expectProblem(await send(system.api.url, write), 400, 'validation_failed');
  });

  it.each([
    [`${PROTECTED}/`, 404],
    [`/${PROTECTED}`, 404],
    ['/v1//users/me', 404],
    ['/V1/Users/Me', 404],
    [`${PROTECTED};x`, 404],
    [`${PROTECTED}%2f`, 404],
    [`${PROTECTED}%00`, 404],
    [`${PROTECTED}%zz`, 404],
    ['/v1/./users/me', 404],
    ['/v1/auth/../users/me', 404],
    ['/health/..%2fv1%2fusers%2fme', 404],
    ['/v1/users/%2e%2e/users/me', 404],
    ['/v1/users/%6de', 401],
    [`${PROTECTED}?x=/health`, 401],
    [`${PROTECTED}?`, 401],
    [`http://evil.tld${PROTECTED}`, 401],
  ])('%s is %i without a token', async (path, status) => {
    const answer = await send(system.api.url, { method: 'GET', path });
    expectProblem(answer, status, status === 401 ? 'token_invalid' : 'not_found');
  });
});

describe('who the request says we are (A97)', () => {
  const evil = {
    host: 'evil.tld',
    'x-forwarded-host': 'evil.tld',
    'x-forwarded-proto': 'http',
    forwarded: 'host=evil.tld',
  };

  it('does not reach the message, the challenge or a problem, at register and at resend', async () => {
    const phone = '+14152000105';
    const register = { path: '/v1/auth/register', headers: { ...JSON_TYPE, ...evil } };
    const started = await send(system.api.url, { ...register, body: JSON.stringify({ phone, password: PASSWORD }) });
    expect([started.status, started.text.includes('evil')]).toEqual([202, false]);
    const first = await system.phone.messageFor(phone);
    system.clock.advance(31);
    const { challengeToken } = JSON.parse(started.text) as ChallengeBody;
    const again = { path: '/v1/auth/otp/resend', headers: register.headers, body: JSON.stringify({ challengeToken }) };
    const resent = await send(system.api.url, again);
    expect([resent.status, resent.text.includes('evil')]).toEqual([202, false]);
    const second = await system.phone.messageFor(phone, { after: first.id });
    for (const { text } of [first, second]) expect(text).toMatch(/\n\n@localhost #\d{6}$/);
    const refused = await send(system.api.url, { ...register, path: '/nowhere', body: '{}' });
    expect(refused.text).not.toContain('evil');
    expect(JSON.stringify(refused.headers)).not.toContain('evil');
  });

  it('does not reach the message of a reset', async () => {
    const phone = '+14152000106';
    await signUp(system, phone);
    const after = await system.phone.newest(phone);
    const forgot = { path: '/v1/auth/password/forgot', headers: { ...JSON_TYPE, ...evil } };
    const answer = await send(system.api.url, { ...forgot, body: JSON.stringify({ identifier: phone }) });
    expect([answer.status, answer.text.includes('evil')]).toEqual([202, false]);
    expect((await system.phone.messageFor(phone, { after })).text).toMatch(/\n\n@localhost #\d{6}$/);
  });

  it('a request with an absolute URI is answered like one without its host', async () => {
    const body = JSON.stringify({ phone: CANARY, password: PASSWORD });
    const path = 'http://evil.tld/v1/auth/register';
    const answer = await send(system.api.url, { path, headers: JSON_TYPE, body });
    expect(answer.text).not.toContain('evil');
    expect(answer.status).toBeGreaterThanOrEqual(400);
  });
});
