// Tokens of a page in a browser (security.md 5.6): the refresh token is in a cookie and in no body, only our own origins may use it,
// and no answer strands a tab. What may use it from where is in test/e2e/long/cookie-origins.
import { startSystem, type System } from '../support/instance';
import { Browser, cookieOf } from '../support/browser';
import { kind, refreshAt } from '../support/credentials';
import { Person, phoneNumbers } from '../support/person';
import { sessionIdOf } from '../support/sessions';

const OURS = 'https://id.example.com';
const nextPhone = phoneNumbers();
let system: System;

beforeAll(async () => {
  const env = { PUBLIC_URL: OURS, LIMIT_UNAUTHENTICATED: 'off', LIMIT_SMS_DESTINATION: 'off' };
  system = await startSystem({ instances: 2, env });
});
afterAll(() => system.stop());

const newPerson = () => new Person(system, nextPhone());
const newBrowser = () => new Browser(system.api, OURS);
const me = (accessToken: string) => system.api.get('/v1/users/me', { token: accessToken });

async function signedIn(): Promise<{ browser: Browser; person: Person; accessToken: string; sessionId: string }> {
  const [browser, person] = [newBrowser(), newPerson()];
  const { body } = await browser.signIn(person, 'register');
  return { browser, person, accessToken: body.accessToken, sessionId: sessionIdOf(body) };
}

async function row(sessionId: string): Promise<Record<string, unknown>> {
  const { rows } = await system.database.query<Record<string, unknown>>('SELECT * FROM sessions WHERE id = $1', [
    sessionId,
  ]);
  return rows[0] ?? {};
}

describe('A46: the cookie', () => {
  it.each(['register', 'login'] as const)(
    'is set by the verification of a %s and by refresh, shut in every way, and its value is nowhere else',
    async (route) => {
      const [browser, person] = [newBrowser(), newPerson()];
      if (route === 'login') await person.joined();
      const verified = await browser.signIn(person, route);
      const first = browser.cookie ?? '';
      const renewed = await browser.refresh();
      expect(renewed.status).toBe(200);
      expect(browser.cookie).not.toBe(first);
      for (const answer of [verified, renewed]) {
        const { value, line } = cookieOf(answer) ?? { value: '', line: '' };
        expect(value).toMatch(/^rf_/);
        const attributes = line.split('; ').slice(1).sort();
        const maxAge = `Max-Age=${String(answer.body.refreshExpiresIn)}`;
        expect(attributes).toEqual(['HttpOnly', maxAge, 'Path=/', 'SameSite=Strict', 'Secure']);
        expect(answer.body.refreshExpiresIn).toBeGreaterThan(0);
        expect(Buffer.byteLength(line)).toBeLessThan(4096);
        expect(answer.body).not.toHaveProperty('refreshToken');
        expect(answer.text).not.toContain('rf_');
        expect((await me(answer.body.accessToken)).status).toBe(200);
      }
    },
  );

  it('is never set for a client that holds its tokens itself', async () => {
    const person = newPerson();
    const { token, code } = await person.challenged('register', { tokenDelivery: 'body' });
    const verified = await new Browser(system.api, OURS).post('/v1/auth/otp/verify', { challengeToken: token, code });
    const renewed = await refreshAt(system.api, verified.body);
    const left = await system.api.post('/v1/auth/logout', { refreshToken: renewed.body.refreshToken });
    for (const answer of [verified, renewed, left]) {
      expect(cookieOf(answer)).toBeUndefined();
      expect(answer.headers.get('clear-site-data')).toBeNull();
    }
    expect(renewed.body.refreshToken).toMatch(/^rf_/);
  });

  it('another way of delivery than these two is refused', async () => {
    for (const tokenDelivery of ['both', '', 'Cookie', ['cookie'], null, 1]) {
      const { status } = await newPerson().register({ tokenDelivery });
      expect([400, tokenDelivery === null ? 202 : 400]).toContain(status);
    }
  });
});

describe('A29: one way or the other', () => {
  it('a token of the cookie is nothing in a body, and the reverse; both sessions live on, unchanged', async () => {
    const { browser, sessionId } = await signedIn();
    const own = await newPerson().joined();
    const before = [await row(sessionId), await row(sessionIdOf(own))];
    expect(kind(await refreshAt(system.api, { refreshToken: browser.cookie ?? '' }))).toBe('401 token_invalid');
    expect((await system.api.post('/v1/auth/logout', { refreshToken: browser.cookie })).status).toBe(204);
    const wrong = newBrowser();
    wrong.cookie = own.refreshToken;
    expect(kind(await wrong.tab().refresh())).toBe('401 token_invalid');
    expect((await wrong.tab().logout()).status).toBe(204);
    expect([await row(sessionId), await row(sessionIdOf(own))]).toEqual(before);
    expect((await browser.refresh()).status).toBe(200);
    expect((await refreshAt(system.api, own)).status).toBe(200);
  });

  it('with a token in the body the cookie is not looked at: not used, not ended, not set, and from any origin', async () => {
    const { browser, sessionId } = await signedIn();
    const own = await newPerson().joined();
    const before = await row(sessionId);
    const both = browser.tab('https://elsewhere.example');
    const renewed = await both.refresh({ refreshToken: own.refreshToken });
    expect(renewed.status).toBe(200);
    expect(sessionIdOf(renewed.body)).toBe(sessionIdOf(own));
    expect(cookieOf(renewed)).toBeUndefined();
    const left = await both.logout({ refreshToken: renewed.body.refreshToken });
    expect([left.status, cookieOf(left)]).toEqual([204, undefined]);
    expect(kind(await both.refresh({ refreshToken: 'junk' }))).toBe('401 token_invalid');
    expect(await row(sessionId)).toEqual(before);
  });

  it('a page without a cookie is told to sign in; what is no browser and names no token has made a mistake', async () => {
    for (const body of [undefined, {}]) {
      expect(kind(await newBrowser().refresh(body))).toBe('401 token_invalid');
      expect(kind(await new Browser(system.api, undefined).refresh(body))).toBe('400 validation_failed');
    }
    expect(kind(await newBrowser().refresh({ refreshToken: null }))).toBe('400 validation_failed');
    expect((await newBrowser().logout()).status).toBe(204);
    for (const value of ['', '%', 'x'.repeat(3000), `rf_k1_${'A'.repeat(91)}`]) {
      const junk = newBrowser();
      junk.cookie = value;
      expect(kind(await junk.refresh())).toBe('401 token_invalid');
    }
  });
});

describe('A36: two tabs with one jar', () => {
  it('get the same successor, whichever instance answers, also the one whose answer comes late', async () => {
    const { browser } = await signedIn();
    const tabs = system.apis.map((api) => browser.tab(OURS, api));
    const answers = await Promise.all(tabs.map((tab) => tab.refresh()));
    system.clock.advance(8);
    answers.push(await browser.tab().refresh());
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    const given = new Set(answers.map((answer) => cookieOf(answer)?.value));
    expect(given.size).toBe(1);
    expect([...given][0]).toMatch(/^rf_/);
    system.clock.advance(600);
    for (const tab of tabs.slice(0, 1)) expect((await tab.refresh()).status).toBe(200);
  });

  it('no refusal takes the cookie away: raced, reused, ended, limited by origin or malformed', async () => {
    const { browser } = await signedIn();
    const [old, stale] = [browser.tab(), browser.tab()];
    await browser.refresh();
    await browser.refresh();
    const refusals = [await old.refresh()];
    system.clock.advance(30);
    refusals.push(await browser.tab('https://evil.example').refresh(), await browser.refresh({ refreshToken: 5 }));
    expect((await browser.refresh()).status).toBe(200);
    refusals.push(await stale.refresh(), await browser.tab().refresh());
    expect(refusals.map(kind)).toEqual([
      '409 refresh_raced',
      '403 forbidden_origin',
      '400 validation_failed',
      '401 refresh_reused',
      '401 token_invalid',
    ]);
    for (const answer of refusals) expect(answer.headers.getSetCookie()).toEqual([]);
  });
});

describe('logout', () => {
  // ASVS 14.3.1
  it('ends the session, takes the cookie away and clears what the pages have stored; a repeat is no error', async () => {
    const { browser, accessToken } = await signedIn();
    const copy = browser.tab();
    const answer = await browser.logout();
    expect(answer.status).toBe(204);
    expect(cookieOf(answer)?.line.split('; ').sort()).toEqual(
      ['HttpOnly', 'Max-Age=0', 'Path=/', 'SameSite=Strict', 'Secure', '__Host-rt='].sort(),
    );
    expect(answer.headers.get('clear-site-data')).toBe('"storage"');
    expect(browser.cookie).toBeUndefined();
    expect((await me(accessToken)).status).toBe(401);
    expect(kind(await copy.tab().refresh())).toBe('401 token_invalid');
    for (const again of [copy, browser]) expect((await again.logout({})).status).toBe(204);
  });

  it('by the access token alone ends a session of cookie mode too, and with both it ends both', async () => {
    const [one, two, three] = [await signedIn(), await signedIn(), await newPerson().joined()];
    await system.api.post('/v1/auth/logout', undefined, { token: one.accessToken });
    expect(kind(await one.browser.refresh())).toBe('401 token_invalid');
    await two.browser.post('/v1/auth/logout', undefined, three.accessToken);
    expect((await me(two.accessToken)).status).toBe(401);
    expect((await me(three.accessToken)).status).toBe(401);
  });
});

describe('A40: a cookie that was there before the login', () => {
  it('is neither used nor kept: the session, its cookie and its tokens are new, and the old one is not the person’s', async () => {
    const mallory = await signedIn();
    const before = await row(mallory.sessionId);
    const victim = mallory.browser.tab();
    const person = newPerson();
    const { body } = await victim.signIn(person, 'register');
    expect(victim.cookie).not.toBe(mallory.browser.cookie);
    expect(sessionIdOf(body)).not.toBe(mallory.sessionId);
    expect(await row(mallory.sessionId)).toEqual(before);
    const stillHers = await mallory.browser.refresh();
    expect(stillHers.body.user['id']).not.toBe(body.user['id']);
    expect((await victim.refresh()).body.user['id']).toBe(body.user['id']);
  });

  it('no token of the login is the session’s name or a part of its token', async () => {
    const person = newPerson();
    const browser = newBrowser();
    const { token, code } = await person.challenged('register', { tokenDelivery: 'cookie' });
    const { body } = await browser.post('/v1/auth/otp/verify', { challengeToken: token, code });
    const random = token.split('_').at(-1) ?? '';
    expect(browser.cookie).not.toContain(random.slice(0, 16));
    expect(Buffer.from(random, 'base64url').toString('hex')).not.toContain(sessionIdOf(body).replaceAll('-', ''));
    browser.cookie = token;
    expect(kind(await browser.refresh())).toBe('401 token_invalid');
  });
});

it('A46: a code that a vendor checks gives the cookie like any other', async () => {
  const other = await startSystem({ provider: 'infobip-2fa' });
  try {
    const person = new Person(other, nextPhone());
    for (const route of ['register', 'login'] as const) {
      const browser = new Browser(other.api, other.api.url);
      const { body } = await browser.signIn(person, route);
      expect(body).not.toHaveProperty('refreshToken');
      expect((await browser.refresh()).status).toBe(200);
    }
  } finally {
    await other.stop();
  }
});
