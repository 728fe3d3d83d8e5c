// An app sends people to the pages and gets them back: to the address on its list, letter by letter, and to no other.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser } from 'playwright-core';
import { signUp } from '../support/accounts';
import { startSystem, type System } from '../support/instance';
import { describeWithBrowser, openBrowser } from './support/chromium';
import { PASSWORD, Walk } from './support/walk';

const PHONE = '+4915118800001';
const OTHER_PHONE = '+4915118800077';

describeWithBrowser('an app that sends people to sign in', () => {
  let system: System;
  let browser: Browser;
  let app: Server;
  let back: string;
  let walk: Walk;

  beforeAll(async () => {
    [system, browser] = await Promise.all([startSystem({ receipts: true }), openBrowser()]);
    app = createServer((_request, response) =>
      response.setHeader('content-type', 'text/html').end('<title>Shop</title><h1>The shop</h1>'),
    );
    await new Promise<void>((resolve) => app.listen(0, '127.0.0.1', resolve));
    const origin = `http://127.0.0.1:${(app.address() as AddressInfo).port}`;
    back = `${origin}/signed-in?from=latchkey`;
    const body = { clientId: 'shop-web', name: 'Shop', allowedOrigins: [origin], redirectUris: [back] };
    const made = await system.admin.post('/v1/admin/clients', body, { token: system.adminKey });
    expect(made.status).toBe(201);
    await signUp(system, PHONE, PASSWORD);
    await signUp(system, OTHER_PHONE, PASSWORD);
  });
  beforeEach(async () => {
    walk = await Walk.begin(system, browser, { locale: 'en-US', scheme: 'dark', size: 'desktop' });
  });
  afterEach(() => walk.end());
  afterAll(async () => {
    await browser?.close();
    await new Promise((resolve) => app.close(resolve));
    await system?.stop();
  });

  const ask = (redirectUri: string, clientId = 'shop-web') =>
    `/login?${String(new URLSearchParams({ client_id: clientId, redirect_uri: redirectUri }))}`;

  async function signInForTheShop(at: Walk, phone: string): Promise<void> {
    const after = await system.phone.newest(phone);
    await at.open(ask(back), 'title.login');
    await at.givePassword(phone);
    await at.arrivedAt('title.code');
    await at.fill('code', await system.phone.codeFor(phone, { after }));
    await at.press('continue');
    await at.page.getByRole('heading', { name: 'The shop' }).waitFor();
  }

  it('gets them back with nothing in the address, and its page has a session of its own by the cookie', async () => {
    await signInForTheShop(walk, PHONE);
    expect(walk.page.url()).toBe(back);
    const answer = await walk.page.evaluate<{ status: number; token: string }>(
      `fetch('${system.api.url}/v1/auth/token/refresh', { method: 'POST', credentials: 'include', headers: { 'content-type': 'application/json' }, body: '{}' })
         .then(async (answer) => ({ status: answer.status, token: (await answer.json()).accessToken }))`,
    );
    expect(answer.status).toBe(200);
    const [, claims = ''] = answer.token.split('.');
    expect(JSON.parse(Buffer.from(claims, 'base64url').toString())).toMatchObject({ client_id: 'shop-web' });
  });

  it('a page of the account that is open beside it begins anew when somebody else signs in, without what the first one typed', async () => {
    await walk.signIn(PHONE);
    const name = walk.page.getByRole('textbox', { name: new RegExp(`^${walk.t('name')} `) });
    await name.fill('typed by the first');
    const beside = await walk.beside();
    await signInForTheShop(beside, OTHER_PHONE);
    await walk.page.getByText(OTHER_PHONE.slice(-2)).first().waitFor();
    expect(await name.inputValue()).toBe('');
  });

  // ASVS 3.7.2
  it.each<[string, () => string]>([
    ['a longer address', () => ask(`${back}&more`)],
    ['another path', () => ask(back.replace('signed-in', 'elsewhere'))],
    ['the same written otherwise', () => ask(back.replace('/signed-in', '/./signed-in'))],
    ['a script', () => ask('javascript:alert(document.domain)')],
    ['another host', () => ask('https://evil.example/')],
    ['another client', () => ask(back, 'shop-ops')],
    ['no client', () => `/login?redirect_uri=${encodeURIComponent(back)}`],
  ])('does not get them to %s: they are told, and stay', async (_, path) => {
    await walk.open(path(), 'title.login');
    await walk.tells('return.refused');
    expect(walk.page.url()).toContain(system.api.url);
  });
});
