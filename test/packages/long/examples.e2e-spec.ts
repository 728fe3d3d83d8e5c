// The examples, started by the command of their README and used against a running system: two APIs, and a page in a browser
// without a window that signs in, calls an API and logs out.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LatchkeyClient } from '@latchkey/client';
import { freePort } from '../../../src/platform/process/ports';
import { startSystem, type System } from '../../support/instance';
import { makeClientApp } from '../../support/oauth';
import { PASSWORD, Person, phoneNumbers } from '../../support/person';
import { ROOT } from '../../support/program';
import { send } from '../../support/raw-http';
import { AuthenticatorApp } from '../../support/totp';
import { BrowserWindow, type Tab } from '../support/browser';
import { type Example, startExample } from '../support/example';
import { clientOf, joins } from '../support/people';

const nextPhone = phoneNumbers();
let system: System;
/** Secure cookies live on localhost without TLS, in real browsers and in this one. */
let pageOrigin: string;

beforeAll(async () => {
  pageOrigin = `http://localhost:${await freePort()}`; // Latchkey has to know it before the page is there
  system = await startSystem({ env: { LIMIT_UNAUTHENTICATED: 'off', CORS_ORIGINS: pageOrigin } });
});
afterAll(() => system.stop());

describe.each(['express-api', 'nest-api'])('%s', (name) => {
  let api: Example;
  let client: LatchkeyClient;

  beforeAll(async () => {
    api = await startExample(name, { LATCHKEY_URL: system.api.url });
    client = clientOf(system);
    await joins(client, system, nextPhone());
  });
  afterAll(() => api.stop());

  const order = (what: string) => {
    const headers = { 'content-type': 'application/json' };
    return client.fetch(`${api.url}/orders`, { method: 'POST', headers, body: JSON.stringify({ what }) });
  };
  const listed = async (who = client): Promise<unknown[]> => {
    const answer = await who.fetch(`${api.url}/orders`);
    return [answer.status, (await answer.json()) as unknown];
  };

  it('serves who has signed in with Latchkey, each their own', async () => {
    expect((await order('tea')).status).toBe(201);
    expect(await listed()).toMatchObject([200, { items: [{ what: 'tea' }] }]);
    const other = clientOf(system);
    await joins(other, system, nextPhone());
    expect(await listed(other)).toEqual([200, { items: [] }]);
  });

  it('refuses everybody else, and says how to come in', async () => {
    const anonymous = await fetch(`${api.url}/orders`);
    expect([anonymous.status, anonymous.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
    const bent = (await client.accessToken()).replace(/.{10}$/, 'AAAAAAAAAA');
    const forged = await fetch(`${api.url}/orders`, { headers: { authorization: `Bearer ${bent}` } });
    expect([forged.status, await forged.json()]).toMatchObject([401, { code: 'token_invalid' }]);
  });

  it('lets whoever has just signed in with a second factor delete everything', async () => {
    expect((await client.fetch(`${api.url}/orders`, { method: 'DELETE' })).status).toBe(204);
    expect(await listed()).toEqual([200, { items: [] }]);
  });
});

it('an API of a client app takes the tokens of that app, and refuses those that are meant for another', async () => {
  const { clientId } = await makeClientApp(system, { audience: 'https://api.shop.example' });
  const [shop, own] = [clientOf(system, { clientId }), clientOf(system)];
  for (const client of [shop, own]) await joins(client, system, nextPhone());
  const api = await startExample('express-api', { LATCHKEY_URL: system.api.url, AUDIENCE: 'https://api.shop.example' });
  const answers = await Promise.all([shop, own].map((client) => client.fetch(`${api.url}/orders`)));
  expect(answers.map(({ status }) => status)).toEqual([200, 401]);
  expect(await answers[1]?.json()).toMatchObject({ code: 'token_invalid' });
  await api.stop();
});

describe('web-page', () => {
  let api: Example;
  let page: Example;
  let window: BrowserWindow;

  beforeAll(async () => {
    api = await startOrders('0');
    page = await startExample('web-page', {
      LATCHKEY_URL: atLocalhost(system.api.url),
      API_URL: api.url,
      PORT: new URL(pageOrigin).port,
    });
  });
  beforeEach(() => {
    window = new BrowserWindow();
  });
  afterEach(() => window.close());
  afterAll(() => Promise.all([page.stop(), api.stop()]));

  const startOrders = (PORT: string) =>
    startExample('express-api', { LATCHKEY_URL: system.api.url, PAGE_ORIGIN: pageOrigin, PORT });
  const atLocalhost = (url: string) => url.replace('127.0.0.1', 'localhost');

  async function enters(tab: Tab, phone: string, how: 'register' | 'login'): Promise<void> {
    const after = await system.phone.newest(phone);
    await tab.sees('#sign-in');
    await tab.fill('#sign-in [name=phone]', phone);
    await tab.fill('#sign-in [name=password]', PASSWORD);
    await tab.click(`#sign-in [value=${how}]`);
    await tab.sees('#code', '');
    await tab.fill('[name=code]', await system.phone.codeFor(phone, { after }));
    await tab.click('#code button');
    await tab.sees('#who', phone.slice(-4));
  }

  it('registers, orders, is still there after a reload and in a second tab, logs out in both and logs in again', async () => {
    const phone = nextPhone();
    const tab = await window.open(pageOrigin);
    await enters(tab, phone, 'register');
    await tab.fill('#order [name=what]', 'a kettle <b>');
    await tab.click('#order button');
    await tab.sees('#orders', 'a kettle <b>');

    await tab.reload();
    await tab.sees('#orders', 'a kettle <b>');
    const second = await window.open(pageOrigin);
    await second.sees('#who', phone.slice(-4));

    await tab.click('#log-out');
    await tab.sees('#sign-in');
    await second.reload();
    await second.sees('#sign-in');
    await enters(second, phone, 'login');
    await second.sees('#orders', 'a kettle <b>');
  });

  it('keeps its refresh token where no script of the page can read it (A46)', async () => {
    const tab = await window.open(pageOrigin);
    await enters(tab, nextPhone(), 'register');
    const [cookie, ...others] = await window.cookies(atLocalhost(system.api.url));
    expect(others).toEqual([]);
    expect(cookie).toMatchObject({ key: '__Host-rt', httpOnly: true, secure: true, sameSite: 'Strict' });
    expect(await tab.readable()).toBe('["",{},{}]');
  });

  it('tells a person what is wrong in words', async () => {
    const phone = nextPhone();
    const tab = await window.open(pageOrigin);
    await tab.sees('#sign-in');
    await tab.fill('#sign-in [name=phone]', phone);
    await tab.fill('#sign-in [name=password]', 'short');
    await tab.click('#sign-in [value=register]');
    await tab.sees('#said', 'The password is too short');
    await tab.fill('#sign-in [name=password]', PASSWORD);
    await tab.click('#sign-in [value=register]');
    await tab.sees('#code');
    const code = await system.phone.codeFor(phone);
    await tab.fill(
      '[name=code]',
      code.replace(/./, (digit) => String((Number(digit) + 1) % 10)),
    );
    await tab.click('#code button');
    await tab.sees('#said', '4 attempts left');
    await tab.click('#again');
    await tab.sees('#said', 'Try again in');
  });

  it('keeps whom it knows while the API is away, says what is wrong, and goes on when it is back', async () => {
    const phone = nextPhone();
    const tab = await window.open(pageOrigin);
    await enters(tab, phone, 'register');
    await api.stop();
    await tab.reload();
    await tab.sees('#who', phone.slice(-4));
    await tab.sees('#said', 'The orders cannot be reached');
    api = await startOrders(new URL(api.url).port);
    await tab.fill('#order [name=what]', 'a late kettle');
    await tab.click('#order button');
    await tab.sees('#orders', 'a late kettle');
  });

  it('serves itself, the client and nothing else of this machine', async () => {
    const status = async (path: string) => (await fetch(`${page.url}${path}`)).status;
    expect(await status('/latchkey/index.js')).toBe(200);
    for (const path of ['/server.js', '/package.json', '/latchkey/..%2f..%2fpackage.json', '/latchkey/index.d.ts']) {
      expect([path, await status(path)]).toEqual([path, 404]);
    }
    const policy = (await fetch(page.url)).headers.get('content-security-policy');
    expect(policy).toContain("default-src 'none'; script-src 'self'");
    expect((await send(page.url, { method: 'GET', path: '//' })).status).toBe(400);
    expect(await status('/')).toBe(200);
  });

  // The last one here: to the API, whose clock stays, tokens of Latchkey's later clock are of the future.
  it('asks whoever has an authenticator app for its code, and says so; for a message when one is wanted instead', async () => {
    const person = new Person(system, nextPhone());
    const app = await AuthenticatorApp.enrolled(person, (await person.joined()).accessToken);
    const asked = async (): Promise<Tab> => {
      system.clock.advance(31);
      const tab = await window.open(pageOrigin);
      await tab.sees('#sign-in');
      await tab.fill('#sign-in [name=phone]', person.phone);
      await tab.fill('#sign-in [name=password]', PASSWORD);
      await tab.click('#sign-in [value=login]');
      await tab.sees('#said', 'authenticator app');
      return tab;
    };
    const tab = await asked();
    await tab.fill('[name=code]', app.code());
    await tab.click('#code button');
    await tab.sees('#who', person.phone.slice(-4));
    await tab.click('#log-out');
    const other = await asked();
    const after = await system.phone.newest(person.phone);
    await other.click('#again');
    await other.sees('#said', 'We sent a code to your phone');
    await other.fill('[name=code]', await system.phone.codeFor(person.phone, { after }));
    await other.click('#code button');
    await other.sees('#who', person.phone.slice(-4));
  });
});

describe('the READMEs', () => {
  const readmes = ['express-api', 'nest-api', 'web-page'].map((name) => `examples/${name}/README.md`);

  it.each([...readmes, 'packages/verifier/README.md', 'packages/client/README.md'])(
    '%s links to what is there',
    (file) => {
      const text = readFileSync(join(ROOT, file), 'utf8');
      const targets = [...text.matchAll(/\]\((?!https?:)([^)#\s]+)/g)].map(([, target = '']) =>
        join(ROOT, file, '..', target),
      );
      expect(targets.length).toBeGreaterThan(0);
      expect(targets.filter((target) => !existsSync(target))).toEqual([]);
    },
  );

  it.each(readmes)('%s has the commands that these tests run', (file) => {
    const text = readFileSync(join(ROOT, file), 'utf8');
    const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { scripts: object };
    expect(text).toContain(`npm start -w ${file.replace('/README.md', '')}\n`);
    expect(text).toContain('npm run build\n');
    expect(Object.keys(scripts)).toEqual(expect.arrayContaining(['build', 'start']));
  });
});
