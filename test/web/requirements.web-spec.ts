// What ASVS and NIST ask of pages, beside what their walks show: how a password is entered, where links lead, what a browser keeps, and
// the way out. Requests to elsewhere and what the policy refuses are complaints, of which every walk must have none.
import type { Browser } from 'playwright-core';
import { signUp } from '../support/accounts';
import { startSystem, type System } from '../support/instance';
import { describeWithBrowser, openBrowser } from './support/chromium';
import { PASSWORD, Walk } from './support/walk';

const PHONE = '+4915118900001';
const ACCOUNT_PAGES = ['/account', '/account/security', '/account/sessions', '/account/data'];
/** Begins of tokens, of any kind that a session has, and of a JWT. */
const SECRETS = /rf_|td_|lg6_|eyJ|violet-harbor/;

describeWithBrowser('what is asked of pages', () => {
  let system: System;
  let browser: Browser;
  let walk: Walk;

  beforeAll(async () => {
    [system, browser] = await Promise.all([startSystem({ receipts: true }), openBrowser()]);
    await signUp(system, PHONE, PASSWORD);
  });
  beforeEach(async () => {
    walk = await Walk.begin(system, browser, { locale: 'en-US', scheme: 'light', size: 'desktop' });
  });
  afterEach(() => walk.end());
  afterAll(async () => {
    await browser?.close();
    await system?.stop();
  });

  const autocompleteOf = (selector: string) => walk.page.locator(selector).first().getAttribute('autocomplete');

  // ASVS 6.2.6, 6.2.7
  // NIST PV-13
  it('a password is hidden until it is to be shown, may be pasted, and managers are told what each field is', async () => {
    await walk.open('/login', 'title.login');
    const password = walk.page.locator('input[autocomplete=current-password]');
    expect(await password.getAttribute('type')).toBe('password');
    await walk.page.evaluate(`navigator.clipboard.writeText('${PASSWORD}')`);
    await password.focus();
    await walk.page.keyboard.press('Control+V');
    expect(await password.inputValue()).toBe(PASSWORD);
    const show = walk.page.getByRole('button', { name: walk.t('password.show'), exact: true });
    await show.click();
    expect(await password.getAttribute('type')).toBe('text');
    await show.click();
    expect(await password.getAttribute('type')).toBe('password');
    expect(await autocompleteOf('input[type=tel]')).toBe('username');
    await walk.open('/register', 'title.register');
    expect(await autocompleteOf('input[type=password]')).toBe('new-password');
    const after = await system.phone.newest(PHONE);
    await walk.open('/login', 'title.login');
    await walk.givePassword(PHONE);
    await walk.arrivedAt('title.code');
    await system.phone.codeFor(PHONE, { after });
    expect(await walk.field('code').getAttribute('autocomplete')).toBe('one-time-code');
  });

  // ASVS 1.2.2, 1.2.3, 7.4.4, 14.2.3, 14.3.1, 14.3.3
  it('every page of the account has the way out and links to itself alone; the browser keeps no token, and nothing after it', async () => {
    system.clock.advance(31);
    await walk.signIn(PHONE);
    for (const path of ACCOUNT_PAGES) {
      await walk.page.goto(`${system.api.url}${path}`);
      await walk.page.getByRole('button', { name: walk.t('nav.logout'), exact: true }).waitFor();
      const hrefs = await walk.page.evaluate<string[]>(
        `[...document.querySelectorAll('a[href]')].map(({ href }) => href)`,
      );
      expect(hrefs.length).toBeGreaterThan(0);
      for (const href of hrefs) expect(new URL(href).origin).toBe(system.api.url);
      const inline = walk.page.locator('script:not([src]), style');
      expect(await inline.count()).toBe(0);
    }
    const kept = () =>
      walk.page.evaluate<string>(`JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie])`);
    expect(await kept()).not.toMatch(SECRETS);
    const cookies = await walk.visit.context.cookies();
    expect(cookies.filter(({ value }) => SECRETS.test(value)).map(({ httpOnly }) => httpOnly)).toEqual([true]);
    await walk.press('nav.logout');
    await walk.arrivedAt('title.login');
    expect((await walk.visit.context.cookies()).filter(({ value }) => SECRETS.test(value))).toEqual([]);
    expect(await kept()).not.toMatch(SECRETS);
  });
});
