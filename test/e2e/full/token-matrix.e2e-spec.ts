// One kind of token per purpose: every kind, on every route of the OpenAPI document, carried in every way. Only the right combination
// is let in; every other is refused and leaves no trace in the tables (A11, A13, A29, A30). The routes come from the document, so a
// new one is refused everything until it is named here.
import { startSystem, type System } from '../../support/instance';
import { limitsOff } from '../../support/limits';
import { patiently } from '../../support/patience';
import { Person, phoneNumbers } from '../../support/person';
import { carriersOf, carry, type Route, routesOf, type Token, tokensOf } from '../../support/token-matrix';

jest.setTimeout(patiently(240_000));

const nextPhone = phoneNumbers();
let system: System;
let routes: Route[];
let tokens: Token[];

beforeAll(async () => {
  // No resend comes due while the matrix is walked.
  const waits = { OTP_RESEND_SECONDS: '600' };
  system = await startSystem({
    env: {
      ...limitsOff(
        'LIMIT_UNAUTHENTICATED',
        'LIMIT_SESSION',
        'LIMIT_STATUS',
        'LIMIT_REGISTER_ADDRESS',
        'LIMIT_FACTOR_ADDRESS',
        'LIMIT_CLIENT_ADDRESS',
        'LIMIT_SMS_DESTINATION',
      ),
      ...waits,
    },
  });
  routes = await routesOf(system);
  tokens = await tokensOf(system, nextPhone);
});
afterAll(() => system.stop());

/** Scope of the key that opens a route for services. */
const scopes: readonly (readonly [RegExp, string])[] = [
  [/ \/v1\/admin\//, 'admin'],
  [/ \/v1\/phone-verifications/, 'phone_verifications'],
  [/ \/v1\/oauth\/introspect/, 'introspect'],
  [/ \/v1\/oauth\/revoke/, 'revoke'],
];

/** Whether this is the one combination the route is for. */
function belongs({ name, security }: Route, { kind }: Token, carrier: string): boolean {
  const scope = scopes.find(([pattern]) => pattern.test(name))?.[1];
  if (scope !== undefined) {
    return kind === `key ${scope}` && carrier === (name.includes('/oauth/') ? 'Basic' : 'Bearer');
  }
  if (security.length > 0) return kind === 'access' && carrier === 'Bearer';
  if (name === 'POST /v1/auth/token/refresh' || name === 'POST /v1/auth/logout') {
    const right = { 'body refreshToken': 'refresh body', 'cookie __Host-rt': 'refresh cookie', Bearer: 'access' };
    const wanted = right[carrier as keyof typeof right];
    return kind === wanted && (carrier !== 'Bearer' || name.endsWith('/logout'));
  }
  if (name === 'POST /v1/auth/password/reset') return carrier === 'body challengeToken' && kind === 'challenge reset';
  const ofChallenges = ['POST /v1/auth/otp/verify', 'POST /v1/auth/otp/resend', 'POST /v1/auth/otp/status'];
  return (
    ofChallenges.includes(name) &&
    carrier === 'body challengeToken' &&
    // Where a used challenge stands may be asked; it opens nothing any more. Codes of a reset, a new number and a client app are taken elsewhere.
    (/^challenge (register|login|login by app|step_up)$/.test(kind) ||
      (kind === 'challenge used' && name.endsWith('/status')) ||
      (/^challenge (reset|phone_change|phone_verification)$/.test(kind) && !name.endsWith('/verify')))
  );
}

/** Public routes that do not look at tokens answer as they would without. */
const isOpen = ({ name, security }: Route): boolean =>
  security.length === 0 && /^GET |\/logout$/.test(name) && !/\/v1\/(admin|oauth)\//.test(name);

async function state(): Promise<string> {
  const ofPeople = [
    'users',
    'registrations',
    'otp_attempts',
    'sessions',
    'totp_secrets',
    'recovery_codes',
    'notices',
    'trusted_devices',
  ];
  const tables = [...ofPeople, 'api_clients', 'signing_keys'];
  const parts = tables.map((table) => `SELECT '${table}' AS "table", to_jsonb(t) AS row FROM ${table} t`);
  const { rows } = await system.database.query(`${parts.join(' UNION ALL ')} ORDER BY 1, 2`);
  return JSON.stringify(rows);
}

it('the matrix has twenty routes and kinds of tokens, and every way to carry one', () => {
  expect(routes.length).toBeGreaterThanOrEqual(20);
  expect(new Set(tokens.map(({ kind }) => kind)).size).toBeGreaterThanOrEqual(20);
  expect(tokens.filter(({ value }) => value === '')).toEqual([]);
  const carriers = new Set(routes.flatMap((route) => carriersOf(route, '').map(({ name }) => name)));
  for (const name of ['Bearer', 'Basic', 'cookie __Host-rt', 'query access_token', 'body refreshToken']) {
    expect(carriers).toContain(name);
  }
});

// ASVS 6.3.3, 8.2.1
it('A11, A13, A29, A30, A47: every token in every wrong place is refused, by every route, and changes nothing', async () => {
  const before = await state();
  const found: string[] = [];
  for (const route of routes) {
    for (const carrier of carriersOf(route, system.api.url)) {
      const wrong = tokens.filter((token) => !belongs(route, token, carrier.name));
      const answers = await Promise.all(wrong.map((token) => carry(system, route, carrier, token)));
      for (const [at, { status, body }] of answers.entries()) {
        const refused = [400, 401, 403, 404].includes(status) && body?.code !== undefined;
        const fine = isOpen(route) ? status < 300 || refused : refused || isOauthRefusal(route, status);
        if (!fine) found.push(`${route.name}, ${carrier.name}, ${String(wrong[at]?.kind)}: ${status}`);
      }
    }
    if ((await state()) !== before) {
      found.push(`${route.name}: something changed`);
      break;
    }
  }
  expect(found).toEqual([]);
  // A47: wherever they were carried, no log line has one; shorter ones are in it by chance.
  const logs = system.logs();
  expect(tokens.filter(({ value }) => value.length > 10 && logs.includes(value)).map(({ kind }) => kind)).toEqual([]);
});

/** RFC 6749 section 5.2: their own form of an error, without a code of ours. */
function isOauthRefusal({ name }: Route, status: number): boolean {
  return name.includes('/v1/oauth/') && [400, 401, 403].includes(status);
}

describe('A11, A13: the right token in its place is let in', () => {
  const admitted = (status: number) => ![401, 403].includes(status);

  it('by every route for persons, each with a session of its own', async () => {
    const found: string[] = [];
    for (const route of routes.filter(
      ({ name, security }) => security.length > 0 && !scopes.some(([p]) => p.test(name)),
    )) {
      const { accessToken } = await new Person(system, nextPhone()).joined();
      const [bearer] = carriersOf(route, '');
      const { status } = await carry(system, route, bearer!, { kind: 'access', value: accessToken });
      if (!admitted(status)) found.push(`${route.name}: ${status}`);
    }
    expect(found).toEqual([]);
  });

  it('by every route for services, with a key of its scope', async () => {
    const found: string[] = [];
    for (const route of routes) {
      const scope = scopes.find(([pattern]) => pattern.test(route.name))?.[1];
      if (scope === undefined) continue;
      const key = tokens.find(({ kind }) => kind === `key ${scope}`)!;
      for (const carrier of carriersOf(route, '').filter(({ name }) => belongs(route, key, name))) {
        const { status } = await carry(system, route, carrier, key);
        if (!admitted(status)) found.push(`${route.name}: ${status}`);
      }
    }
    expect(found).toEqual([]);
  });

  it('by every public route that takes one: a wrong code is counted, a session is renewed and ended', async () => {
    const of = (kind: string) => tokens.find((token) => token.kind === kind)!;
    const answers: Record<string, unknown> = {};
    const order = ['status', 'resend', 'verify', 'reset', 'refresh', 'logout'];
    for (const last of order) {
      const route = routes.find(({ name }) => name.startsWith('POST /v1/auth/') && name.endsWith(`/${last}`))!;
      for (const carrier of carriersOf(route, system.api.url)) {
        for (const token of tokens.filter((each) => belongs(route, each, carrier.name))) {
          if (token.kind === 'access') continue;
          const { status, body } = await carry(system, route, carrier, token);
          answers[`${last}, ${carrier.name}, ${token.kind}`] = `${status} ${body?.code ?? ''}`.trim();
        }
      }
    }
    expect(answers).toEqual({
      'status, body challengeToken, challenge register': '200',
      'status, body challengeToken, challenge login': '200',
      'status, body challengeToken, challenge login by app': '200',
      'status, body challengeToken, challenge step_up': '200',
      'status, body challengeToken, challenge reset': '200',
      'status, body challengeToken, challenge phone_change': '200',
      'status, body challengeToken, challenge used': '200',
      'status, body challengeToken, challenge phone_verification': '200',
      'resend, body challengeToken, challenge register': '429 rate_limited',
      'resend, body challengeToken, challenge login': '429 rate_limited',
      'resend, body challengeToken, challenge login by app': '202',
      'resend, body challengeToken, challenge phone_verification': '429 rate_limited',
      'resend, body challengeToken, challenge step_up': '429 rate_limited',
      'resend, body challengeToken, challenge reset': '429 rate_limited',
      'resend, body challengeToken, challenge phone_change': '429 rate_limited',
      'verify, body challengeToken, challenge register': '401 code_invalid',
      'verify, body challengeToken, challenge login': '401 code_invalid',
      'verify, body challengeToken, challenge login by app': '401 code_invalid',
      'verify, body challengeToken, challenge step_up': '401 code_invalid',
      'reset, body challengeToken, challenge reset': '401 code_invalid',
      'refresh, body refreshToken, refresh body': '200',
      'refresh, cookie __Host-rt, refresh cookie': '200',
      'logout, body refreshToken, refresh body': '204',
      'logout, cookie __Host-rt, refresh cookie': '204',
    });
    const { status } = await system.api.get('/v1/users/me', { token: of('access').value });
    expect(status).toBe(401);
  });
});
