// Whose request it is: on a direct connection the socket says it (A79), behind trusted proxies their header does (A80), and
// every spelling of a limited route draws from one bucket (A87). Limits: explicit ones stand, defaults are wide in development.
import { AddressedClient, BELIEVES_ADDRESSES } from '../support/addressed-client';
import type { ProblemBody } from '../support/api-client';
import { askStepUp, kind } from '../support/credentials';
import { startSystem, type System } from '../support/instance';
import { PASSWORD, Person, phoneNumbers, wrongCodes } from '../support/person';
import { JSON_TYPE, problemIn, type RawAnswer, type RawRequest, send } from '../support/raw-http';

const ROUTE = '/v1/auth/register';
const LIMIT = 3;

let system: System;
beforeAll(async () => {
  // One database, two instances: what is tested is counted in process.
  system = await startSystem({ env: { LIMIT_REGISTER_ADDRESS: `${LIMIT}/1h` } });
});
afterAll(() => system.stop());

/** A body that is refused: a limit counts before anybody looks at it. */
function attempt(headers: Record<string, string> = {}, more: Partial<RawRequest> = {}): Promise<RawAnswer> {
  return send(system.api.url, { path: ROUTE, body: '{}', ...more, headers: { ...JSON_TYPE, ...headers } });
}

async function statuses(count: number, headersOf: (n: number) => Record<string, string>): Promise<number[]> {
  const seen: number[] = [];
  for (let n = 0; n < count; n += 1) seen.push((await attempt(headersOf(n))).status);
  return seen;
}

const allow = (count: number) => Array<number>(count).fill(400);
const refuse = (count: number) => Array<number>(count).fill(429);

describe('on a direct connection', () => {
  beforeAll(() => system.restart(0));

  it('no header moves the limit: the socket is counted (A79)', async () => {
    const claim = (n: number) => {
      const address = `198.51.100.${n}`;
      const names = ['x-forwarded-for', 'x-real-ip', 'cf-connecting-ip', 'true-client-ip', 'x-client-ip'];
      return { ...Object.fromEntries(names.map((name) => [name, address])), forwarded: `for=${address}` };
    };
    expect(await statuses(8, claim)).toEqual([...allow(LIMIT), ...refuse(5)]);
  });

  it('every spelling of the route draws from the same bucket (A87)', async () => {
    const same: (readonly [Record<string, string>, Partial<RawRequest>])[] = [
      [{}, { path: `${ROUTE}?x=1` }],
      [{}, { path: `${ROUTE}?` }],
      [{}, { path: '/v1/auth/%72egister' }],
      [{}, { path: `${system.api.url}${ROUTE}` }],
      [{ 'x-http-method-override': 'GET' }, {}],
      [{ host: 'evil.tld' }, {}],
      [{ connection: 'keep-alive' }, {}],
    ];
    for (const [headers, request] of same)
      expect([request.path, (await attempt(headers, request)).status]).toEqual([request.path, 429]);
    for (const path of [`${ROUTE}/`, `/${ROUTE}`, '/V1/AUTH/REGISTER', `${ROUTE};x`, `${ROUTE}%2f`]) {
      expect([path, (await attempt({}, { path })).status]).toEqual([path, 404]);
    }
  });

  it('a refusal says when to come back, in the standard header and in the problem', async () => {
    const { headers, text } = await attempt();
    const { code, retryAfter, ...rest } = problemIn(text);
    expect([code, rest.status]).toEqual(['rate_limited', 429]);
    expect(headers['retry-after']).toBe(String(retryAfter));
    expect([Number.isInteger(retryAfter), Number(retryAfter) > 0, Number(retryAfter) <= 3600]).toEqual([
      true,
      true,
      true,
    ]);
    expect(headers['content-type']).toBe('application/problem+json; charset=utf-8');
    expect([headers['cache-control'], headers['x-content-type-options']]).toEqual(['no-store', 'nosniff']);
    expect(Object.keys(headers).filter((name) => name.startsWith('x-ratelimit') || /retry-after-/.test(name))).toEqual(
      [],
    );
  });

  it('the refused may come back at that time, by our clock', async () => {
    system.clock.advance(3601);
    expect(await statuses(LIMIT + 1, () => ({}))).toEqual([...allow(LIMIT), 429]);
  });

  it('the audit names the address of the socket, whatever the headers claim', async () => {
    await attempt(
      { 'x-forwarded-for': '198.51.100.7' },
      { path: '/v1/auth/login', body: '{"identifier":"x","password":"y"}' },
    );
    const { rows } = await system.database.query<{ address: string }>(
      `SELECT address FROM audit_log WHERE event = 'authn_login_fail'`,
    );
    expect(rows).toEqual([{ address: '127.0.0.1' }]);
  });
});

describe('behind a trusted proxy (A80)', () => {
  beforeAll(() => system.restart(0, { TRUSTED_PROXIES: '127.0.0.0/8' }));
  const from = (value: string) => ({ 'x-forwarded-for': value });

  it('the rightmost hop that is not ours is counted, and whoever is named left of it is left alone', async () => {
    const spoofed = (n: number) => from(`203.0.113.77, 10.0.0.${n}, 203.0.113.9`);
    expect(await statuses(LIMIT + 1, spoofed)).toEqual([...allow(LIMIT), 429]);
    expect(await statuses(LIMIT, () => from('203.0.113.77'))).toEqual(allow(LIMIT));
    expect(await statuses(1, () => from('203.0.113.10'))).toEqual([400]);
  });

  it('two hops of ours are both stepped over', async () => {
    expect(await statuses(LIMIT + 1, (n) => from(`203.0.113.20, 127.0.0.${n + 2}`))).toEqual([...allow(LIMIT), 429]);
    expect((await attempt(from('203.0.113.20'))).status).toBe(429);
  });

  it('only X-Forwarded-For is believed', async () => {
    const claims = (n: number) => ({
      ...from('203.0.113.30'),
      'x-real-ip': `198.51.100.${n}`,
      forwarded: `for=198.51.100.${n}`,
    });
    expect(await statuses(LIMIT + 1, claims)).toEqual([...allow(LIMIT), 429]);
  });

  it('IPv4 inside IPv6 is the same address', async () => {
    expect(await statuses(LIMIT, () => from('203.0.113.40'))).toEqual(allow(LIMIT));
    expect((await attempt(from('::ffff:203.0.113.40'))).status).toBe(429);
    expect((await attempt(from('::ffff:cb00:7128'))).status).toBe(429);
  });

  it('a hundred addresses of one IPv6 /64 are one client, the next /64 is another', async () => {
    const seen = await statuses(100, (n) => from(`2001:db8:0:1::${(n + 1).toString(16)}`));
    expect(seen).toEqual([...allow(LIMIT), ...refuse(100 - LIMIT)]);
    expect((await attempt(from('2001:db8:0:2::1'))).status).toBe(400);
  });

  it.each(['garbage', ',,,', '999.999.999.999', '%00', '[::1', '-1', "' OR 1=1--", '1'.repeat(4000)])(
    'a header of %.20j is no error of ours, and is limited too',
    async (value) => {
      const seen = await statuses(LIMIT + 1, () => from(value));
      expect(seen.filter((status) => status !== 400 && status !== 429)).toEqual([]);
      expect(seen.at(-1)).toBe(429);
    },
  );

  it('a header of 10 kB is refused before it is read', async () => {
    const { status, body } = await system.api.post<ProblemBody>(
      ROUTE,
      {},
      { headers: from('203.0.113.50, '.repeat(800)) },
    );
    expect([status, body.code]).toEqual([413, 'payload_too_large']);
  });

  // ASVS 16.2.1
  it('the audit names the client', async () => {
    const login = { path: '/v1/auth/login', body: '{"identifier":"x","password":"y"}' };
    await attempt(from('198.51.100.1, 203.0.113.60'), login);
    const { rows } = await system.database.query<{ address: string }>(
      `SELECT address FROM audit_log WHERE event = 'authn_login_fail' ORDER BY id DESC LIMIT 1`,
    );
    expect(rows).toEqual([{ address: '203.0.113.60' }]);
  });
});

describe('what fails from one address', () => {
  const nextPhone = phoneNumbers();
  const limits = { LIMIT_PASSWORD_ADDRESS: `${LIMIT}/5m`, LIMIT_FACTOR_ADDRESS: `${LIMIT}/5m` };
  beforeAll(() => system.restart(0, { ...BELIEVES_ADDRESSES, ...limits }));

  const at = (address: string, phone = nextPhone()) =>
    new Person(system, phone, PASSWORD, new AddressedClient(system.api.url, address));
  const wrongLogin = ({ api, phone }: Person) =>
    api.post<ProblemBody>('/v1/auth/login', { identifier: phone, password: 'not it at all' });

  it.each(['login', 'step-up'] as const)('wrong passwords: three at a %s, and the right one waits', async (route) => {
    const person = at(`203.0.113.${route.length}`);
    const { accessToken } = await person.joined();
    for (let n = 0; n < LIMIT; n += 1) {
      const wrong = route === 'login' ? wrongLogin(person) : askStepUp(person.api, accessToken, 'not it at all');
      expect(kind(await wrong)).toBe('401 credentials_invalid');
    }
    expect(kind(await askStepUp(person.api, accessToken, PASSWORD))).toBe('429 rate_limited');
    expect(kind(await person.login())).toBe('429 rate_limited');
    system.clock.advance(31);
    expect(kind(await at('203.0.113.99', person.phone).login())).toBe('200');
  });

  it('wrong codes: three, and the right one waits', async () => {
    const person = at('203.0.113.20');
    const { token, code } = await person.challenged('register');
    for (const wrong of wrongCodes(code, LIMIT))
      expect(kind(await person.verify(token, wrong))).toBe('401 code_invalid');
    expect(kind(await person.verify(token, code))).toBe('429 rate_limited');
    expect(kind(await at('203.0.113.99', person.phone).verify(token, code))).toBe('200');
  });
});

it('in development a default limit is a hundred times as wide, here 1000 registrations an hour', async () => {
  await system.restart(0, { LIMIT_REGISTER_ADDRESS: '', LIMIT_UNAUTHENTICATED: '5000/1m' });
  const seen: number[] = [];
  while (seen.length < 1050) {
    seen.push(...(await Promise.all(Array.from({ length: 50 }, async () => (await attempt()).status))));
  }
  expect(seen.filter((status) => status === 400)).toHaveLength(1000);
});
