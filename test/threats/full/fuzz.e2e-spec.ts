// Every route of the API description under requests that nobody would write (A14, A81, A83, A85): never a 5xx, never a code that is
// not in the catalogue, never an answer that keeps anybody waiting. FUZZ_RUNS and TEST_SEED choose how many and which.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import openApi from '../../../docs/openapi.json';
import { PASSWORD, signUp } from '../../support/accounts';
import type { ProblemBody } from '../../support/api-client';
import { seedOf } from '../../support/chance';
import { type ApiDocument, requestsOf, type Valid } from '../../support/fuzzed-requests';
import { startSystem, type System } from '../../support/instance';
import { send } from '../../support/raw-http';

const RUNS = Number(process.env['FUZZ_RUNS'] ?? 30);
const SEED = seedOf('fuzz of every route');
/** Far above what any route takes, far below what a person or a proxy waits. */
const SLOW_MS = 8000;

const document = openApi as unknown as ApiDocument;
const routes = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.keys(methods).map((method): [string, string] => [method, path]),
);
const catalogue = readFileSync(join(__dirname, '../../../docs/errors.md'), 'utf8');
const known = new Set([...catalogue.matchAll(/^\| `([a-z_]+)`/gm)].map(([, code]) => code));

let system: System;
let people = 0;
beforeAll(async () => {
  system = await startSystem();
});
afterAll(() => system.stop());

const newPhone = () => `+1415733${String((people += 1)).padStart(4, '0')}`;

/** A person with a session, a challenge under way, and what else a request may name rightly. */
async function scene(): Promise<{ valid: Valid; credentials: string[] }> {
  const phone = newPhone();
  const tokens = await signUp(system, phone);
  const register = { phone: newPhone(), password: PASSWORD };
  const started = await system.api.post<{ challengeToken: string }>('/v1/auth/register', register);
  const id = tokens.user.id;
  const valid: Valid = {
    phone: [phone, newPhone(), '+1 (415) 733-9999'],
    identifier: [phone, newPhone()],
    password: [PASSWORD, 'another-good-phrase-77'],
    currentPassword: [PASSWORD],
    newPassword: ['a-third-good-phrase-88', PASSWORD],
    challengeToken: [started.body.challengeToken],
    refreshToken: [tokens.refreshToken],
    token: [tokens.accessToken, tokens.refreshToken],
    code: ['000000', '123456'],
    locale: ['de', 'en'],
    clientId: ['first-party'],
    email: ['ada@example.com'],
    displayName: ['Ada'],
    reason: ['a reason'],
    id: [id, '018f3a5c-0000-7000-8000-000000000000'],
    userId: [id],
    provider: ['telnyx', 'http'],
    type: ['user_created', 'otp_sent'],
    country: ['US', 'DE'],
    status: ['sent', 'failed'],
    name: ['A shop'],
    audience: ['https://shop.example'],
    accessTokenTtlSeconds: [600, 3600],
    allowedOrigins: [['https://shop.example']],
    scopes: [[], ['introspect']],
    deviceName: ['Pixel'],
    totpCode: ['000000'],
    recoveryCode: ['ABCD-EFGH-IJKL-2345'],
    operator: ['ada'],
    limit: ['1', '200'],
    from: ['2026-11-01T00:00:00Z'],
    to: ['2026-11-30T00:00:00Z'],
  };
  const basic = Buffer.from(`development-admin:${system.adminKey}`).toString('base64');
  const bearers = [tokens.accessToken, system.adminKey].map((token) => `Bearer ${token}`);
  return { valid, credentials: [...bearers, ...bearers, ...bearers, `Basic ${basic}`, '', 'Bearer x'] };
}

it.each(routes)('%s %s keeps its manners', async (method, path) => {
  const { valid, credentials } = await scene();
  const origin = path.startsWith('/v1/admin/') ? system.admin.url : system.api.url;
  let answered = 0;
  await fc.assert(
    fc.asyncProperty(requestsOf(path, method, document, valid, credentials), async (request) => {
      const begun = performance.now();
      const { status, text, headers } = await send(origin, request);
      answered += 1;
      expect(performance.now() - begun).toBeLessThan(SLOW_MS);
      expect(status).toBeLessThan(500);
      if (status < 400) return;
      expect(headers['content-type']).toMatch(/^application\/problem\+json/);
      expect(known).toContain((JSON.parse(text) as ProblemBody).code);
    }),
    { numRuns: RUNS, seed: SEED, endOnFailure: true },
  );
  expect(answered).toBe(RUNS);
});

it('the database is whole, the log has no error, and everybody can still sign up', async () => {
  await signUp(system, newPhone());
  const errors = system
    .logs()
    .split('\n')
    .filter((line) => line.startsWith('{') && (JSON.parse(line) as { level: string }).level === 'error');
  expect(errors).toEqual([]);
});
