// A93: something behind the API is broken. Whatever a route answers then is a problem document of the catalogue, with a request id and, where
// it is 503, the time to come back; it names no program, statement, address or version, and is never a 500.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import openApi from '../../../docs/openapi.json';
import { PASSWORD, signUp } from '../../support/accounts';
import type { ProblemBody } from '../../support/api-client';
import { seedOf } from '../../support/chance';
import { type ApiDocument, requestsOf, type Valid } from '../../support/fuzzed-requests';
import { startSystem, type System } from '../../support/instance';
import { limitsOff } from '../../support/limits';
import { patiently } from '../../support/patience';
import { Person } from '../../support/person';
import { type RawAnswer, send } from '../../support/raw-http';
import { TcpProxy } from '../../support/tcp-proxy';

jest.setTimeout(patiently(300_000));

const RUNS = Number(process.env['FUZZ_RUNS'] ?? 12);
const SEED = seedOf('something is broken');
const INSIDE =
  /postgres|pg_|relation|SELECT |INSERT |UPDATE |ECONN|socket|127\.0\.0\.1|localhost|node_modules|\.js\b|\.ts\b| at [\w.]+ \(|sealed|cipher|telnyx|\d+\.\d+\.\d+/i;

const document = openApi as unknown as ApiDocument;
const routes = Object.entries(document.paths).flatMap(([path, methods]) =>
  // What tells of health has a form of its own.
  path.startsWith('/health') ? [] : Object.keys(methods).map((method): [string, string] => [method, path]),
);
const catalogue = readFileSync(join(__dirname, '../../../docs/errors.md'), 'utf8');
const known = new Set([...catalogue.matchAll(/^\| `([a-z_]+)`/gm)].map(([, code]) => code));

let system: System;
let proxy: TcpProxy;
let valid: Valid;
let credentials: string[];

beforeAll(async () => {
  system = await startSystem({
    env: limitsOff(
      'LIMIT_UNAUTHENTICATED',
      'LIMIT_STATUS',
      'LIMIT_SESSION',
      'LIMIT_CLIENT_ADDRESS',
      'LIMIT_REGISTER_ADDRESS',
      'LIMIT_RESET_ADDRESS',
    ),
  });
  proxy = await TcpProxy.to(system.databaseUrl);
  const phone = '+14157340001';
  const tokens = await signUp(system, phone);
  const login = await system.api.post<{ challengeToken: string }>('/v1/auth/login', {
    identifier: phone,
    password: PASSWORD,
  });
  valid = {
    phone: [phone, '+14157340002'],
    identifier: [phone],
    password: [PASSWORD],
    currentPassword: [PASSWORD],
    newPassword: ['a-third-good-phrase-88'],
    challengeToken: [login.body.challengeToken],
    code: [await system.phone.codeFor(phone), '000000'],
    refreshToken: [tokens.refreshToken],
    token: [tokens.accessToken],
    id: [tokens.user.id],
    email: ['ada@example.com'],
    provider: ['telnyx'],
  };
  credentials = [`Bearer ${tokens.accessToken}`, `Bearer ${system.adminKey}`];
});
afterAll(async () => {
  await system.stop();
  await proxy.close();
});

function expectDiscreet({ status, text, headers }: RawAnswer): void {
  if (status < 400) return;
  expect(status).not.toBe(500);
  expect(headers['content-type']).toBe('application/problem+json; charset=utf-8');
  const { code, requestId, title, detail } = JSON.parse(text) as ProblemBody & { title: string; detail: string };
  expect(known).toContain(code);
  expect(requestId).toBe(headers['x-request-id']);
  expect(`${title} ${detail}`).not.toMatch(INSIDE);
  expect(JSON.stringify({ ...headers, date: '' })).not.toMatch(/postgres|express|fastify|nest|node/i);
  if (status === 503) expect(Number(headers['retry-after'])).toBeGreaterThan(0);
}

/** Every route, several times. @returns the statuses that there were */
async function crawled(): Promise<Set<number>> {
  const statuses = new Set<number>();
  for (const [method, path] of routes) {
    const origin = path.startsWith('/v1/admin/') ? system.admin.url : system.api.url;
    await fc.assert(
      fc.asyncProperty(requestsOf(path, method, document, valid, credentials), async (request) => {
        const answer = await send(origin, request);
        statuses.add(answer.status);
        expectDiscreet(answer);
      }),
      { numRuns: RUNS, seed: SEED, endOnFailure: true },
    );
  }
  return statuses;
}

it('A93: the database refuses', async () => {
  await system.restart(0, { DATABASE_URL: proxy.through(system.databaseUrl) });
  await proxy.become('refuse');
  expect(await crawled()).toContain(503);
  await proxy.become('pass');
});

it('A93: every vendor refuses', async () => {
  await system.restart(0, { TELNYX_BASE_URL: 'http://127.0.0.1:9' });
  expect(await crawled()).toContain(400);
});

it('A93: the keys that sign do not open', async () => {
  await system.database.query(`UPDATE signing_keys SET private_sealed = '\\x00' WHERE private_sealed IS NOT NULL`);
  await system.restart(0);
  expect((await system.api.get('/health/ready')).status).toBe(503);
  const { token, code } = await new Person(system, '+14157340003').challenged('register');
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify({ challengeToken: token, code });
  const signing = await send(system.api.url, { path: '/v1/auth/otp/verify', headers, body });
  expect(signing.status).toBe(503);
  expectDiscreet(signing);
  await crawled();
});
