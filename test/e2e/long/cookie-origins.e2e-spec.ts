// A40, A45: the browser sends the cookie by itself, so a request that leans on it must come from a page of ours. Anything else is 403 or
// 415 and changes nothing; asking for the cookie from a stranger's page is refused before a code is looked at.
import { randomBytes } from 'node:crypto';
import { startSystem, type System } from '../../support/instance';
import { Browser, type BrowserAnswer } from '../../support/browser';
import { kind } from '../../support/credentials';
import { Person, phoneNumbers } from '../../support/person';
import { JSON_TYPE, problemIn, send } from '../../support/raw-http';
import { sessionIdOf } from '../../support/sessions';

const OURS = 'https://id.example.com';
const LISTED = 'https://app.example.com';
const SHOP = 'https://shop.example.com';
const nextPhone = phoneNumbers();
let system: System;

beforeAll(async () => {
  const env = {
    PUBLIC_URL: OURS,
    CORS_ORIGINS: LISTED,
    LIMIT_UNAUTHENTICATED: 'off',
    LIMIT_SMS_DESTINATION: 'off',
    LIMIT_REGISTER_ADDRESS: 'off',
  };
  system = await startSystem({ env });
  await system.database.query(
    `INSERT INTO api_clients (id, client_id, name, audience, allowed_origins, scopes, secret_digest, created_at, updated_at, secret_created_at)
     VALUES (gen_random_uuid(), 'shop-web', 'Shop', 'shop', ARRAY[$1], '{}', $2, now(), now(), now()),
            (gen_random_uuid(), 'till-web', 'Till', 'till', ARRAY[$3], '{}', $4, now(), now(), now())`,
    [SHOP, randomBytes(32), 'https://till.example.com', randomBytes(32)],
  );
});
afterAll(() => system.stop());

const newPerson = () => new Person(system, nextPhone());

async function signedIn(extra = {}): Promise<{ browser: Browser; state: () => Promise<unknown> }> {
  const browser = new Browser(system.api, OURS);
  const { body } = await browser.signIn(newPerson(), 'register', extra);
  const sql = `SELECT to_jsonb(s) AS session, (SELECT count(*) FROM audit_log a WHERE a.session_id = s.id) AS records
                 FROM sessions s WHERE s.id = $1`;
  return { browser, state: async () => (await system.database.query(sql, [sessionIdOf(body)])).rows[0] as unknown };
}

const strangers = [
  'https://evil.example',
  'null',
  '',
  `${OURS}.evil.example`,
  'https://evilid.example.com',
  'https://evil.id.example.com',
  'http://id.example.com',
  `${OURS}:8443`,
  `${OURS}/`,
  'HTTPS://ID.EXAMPLE.COM',
  `${OURS}, https://evil.example`,
  SHOP,
  '*',
];

it('A45: refresh and logout lean on the cookie from our own and listed origins only; else 403, and nothing changes', async () => {
  const { browser, state } = await signedIn();
  const before = await state();
  for (const origin of strangers) {
    for (const site of ['cross-site', 'same-site', 'same-origin', undefined]) {
      const page = browser.tab(origin, system.api, site === undefined ? {} : { 'sec-fetch-site': site });
      expect([origin, kind(await page.refresh())]).toEqual([origin, '403 forbidden_origin']);
      expect([origin, kind(await page.logout())]).toEqual([origin, '403 forbidden_origin']);
    }
  }
  expect(await state()).toEqual(before);
  for (const origin of [OURS, LISTED]) {
    const page = browser.tab(origin);
    expect((await page.refresh()).status).toBe(200);
    browser.cookie = page.cookie;
  }
  expect((await browser.tab(LISTED).logout()).status).toBe(204);
});

it('A45: without an Origin the browser must say that the page is of the same origin', async () => {
  const { browser, state } = await signedIn();
  const before = await state();
  for (const site of ['cross-site', 'same-site', 'none', 'Same-Origin', '', undefined]) {
    const anonymous = new Browser(system.api, undefined, site === undefined ? {} : { 'sec-fetch-site': site });
    anonymous.cookie = browser.cookie;
    expect([site, kind(await anonymous.refresh())]).toEqual([site, '403 forbidden_origin']);
    expect([site, kind(await anonymous.logout())]).toEqual([site, '403 forbidden_origin']);
  }
  expect(await state()).toEqual(before);
  const own = new Browser(system.api, undefined, { 'sec-fetch-site': 'same-origin' });
  own.cookie = browser.cookie;
  expect((await own.refresh()).status).toBe(200);
  expect((await own.logout()).status).toBe(204);
});

it('A45: what a form can send is 415, with a body or without, and changes nothing; JSON or no type at all is taken', async () => {
  const { browser, state } = await signedIn();
  const before = await state();
  const headers = { origin: OURS, cookie: `__Host-rt=${browser.cookie ?? ''}` };
  const forms = ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'text/json'];
  for (const path of ['/v1/auth/token/refresh', '/v1/auth/logout']) {
    for (const type of [...forms, 'application/jsonp', 'text/plain; application/json']) {
      for (const body of ['{}', '']) {
        const request = { path, headers: { ...headers, 'content-type': type, 'content-length': String(body.length) } };
        const answer = await send(system.api.url, { ...request, body });
        expect([type, answer.status, problemIn(answer.text).code]).toEqual([type, 415, 'unsupported_media_type']);
      }
    }
  }
  expect(await state()).toEqual(before);
  for (const type of [{}, JSON_TYPE, { 'content-type': 'application/json; charset=utf-8' }]) {
    const path = '/v1/auth/token/refresh';
    expect((await send(system.api.url, { path, headers: { ...headers, ...type } })).status).toBe(200);
  }
});

it('A45: a client app’s page may use the cookie of its own sessions, and of no others', async () => {
  const shops = await signedIn({ clientId: 'shop-web' });
  expect((await shops.browser.tab(SHOP).refresh()).status).toBe(200);
  for (const { browser, state } of [await signedIn(), await signedIn({ clientId: 'till-web' })]) {
    const before = await state();
    expect(kind(await browser.tab(SHOP).refresh())).toBe('403 forbidden_origin');
    expect(kind(await browser.tab(SHOP).logout())).toBe('403 forbidden_origin');
    expect(await state()).toEqual(before);
  }
});

it('A47: a listed origin may read the answer and keep the cookie, by name; a stranger gets neither', async () => {
  const { browser } = await signedIn();
  const allowed = await browser.tab(LISTED).refresh();
  expect(allowed.headers.get('access-control-allow-origin')).toBe(LISTED);
  expect(allowed.headers.get('access-control-allow-credentials')).toBe('true');
  const refused = await browser.tab('https://evil.example').refresh();
  expect(refused.headers.get('access-control-allow-origin')).toBeNull();
  expect(refused.headers.get('access-control-allow-credentials')).toBeNull();
});

describe('A40: asking for the cookie', () => {
  const counted = async (phone: string): Promise<unknown> =>
    (await system.database.query('SELECT failed, consumed_at FROM otp_attempts WHERE phone = $1', [phone])).rows;

  it.each(['register', 'login'] as const)(
    'at %s is refused to a stranger’s page, and starts nothing',
    async (route) => {
      const person = newPerson();
      if (route === 'login') await person.joined();
      const before = await counted(person.phone);
      const body = { [route === 'login' ? 'identifier' : 'phone']: person.phone, password: person.password };
      const ask = (page: Browser): Promise<BrowserAnswer> =>
        page.post(`/v1/auth/${route}`, { ...body, tokenDelivery: 'cookie' });
      expect(kind(await ask(new Browser(system.api, 'https://evil.example')))).toBe('403 forbidden_origin');
      const crossSite = { 'sec-fetch-site': 'cross-site' };
      expect(kind(await ask(new Browser(system.api, undefined, crossSite)))).toBe('403 forbidden_origin');
      expect(await counted(person.phone)).toEqual(before);
      expect((await ask(new Browser(system.api, LISTED))).status).toBeLessThan(300);
    },
  );

  it('at verify it is refused before the code is looked at: right and wrong codes alike, and none is counted', async () => {
    for (const route of ['register', 'login'] as const) {
      const person = newPerson();
      if (route === 'login') await person.joined();
      const { token, code } = await person.challenged(route, { tokenDelivery: 'cookie' });
      const before = await counted(person.phone);
      const evil = new Browser(system.api, 'https://evil.example');
      for (const guess of [code, '000000', code, '12345']) {
        const answer = await evil.post('/v1/auth/otp/verify', { challengeToken: token, code: guess });
        expect([guess, kind(answer), evil.cookie]).toEqual([guess, '403 forbidden_origin', undefined]);
      }
      expect(await counted(person.phone)).toEqual(before);
      const page = new Browser(system.api, OURS);
      expect((await page.post('/v1/auth/otp/verify', { challengeToken: token, code })).status).toBe(200);
    }
  });

  it('a client that holds its tokens itself is not asked where it comes from', async () => {
    const person = newPerson();
    const { token, code } = await person.challenged('register');
    const page = new Browser(system.api, 'capacitor://localhost');
    const { status, body } = await page.post('/v1/auth/otp/verify', { challengeToken: token, code });
    expect([status, page.cookie]).toEqual([200, undefined]);
    expect(body.refreshToken).toMatch(/^rf_/);
  });
});
