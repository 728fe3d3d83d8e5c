// What goes wrong most, three things on every page: told in words, in both languages, each state seen by axe in light and dark, on a phone
// and on a desk. Offline is one of them everywhere, as people are on phones.
import type { Browser } from 'playwright-core';
import { signUp } from '../support/accounts';
import { startSystem, type System } from '../support/instance';
import { Person } from '../support/person';
import { describeWithBrowser, openBrowser } from './support/chromium';
import { looks, PASSWORD, Walk } from './support/walk';

/** A sign-in is fresh for ten minutes; every window of the limits below has ended after it. */
const HOUR_SECONDS = 3601;
const CODE_SECONDS = 301;
const TRIES_MAX = 60;

describeWithBrowser.each(looks.map((look, index) => ({ ...look, index })))(
  'what goes wrong, $locale',
  ({ index, ...look }) => {
    let system: System;
    let browser: Browser;
    let walk: Walk;
    let phone: string;
    let tests = 0;

    beforeAll(async () => {
      const env = { LIMIT_SMS_GLOBAL: '20/1h', LIMIT_RESET_ADDRESS: '6/1h', LIMIT_PASSWORD_ADDRESS: '10/1h' };
      [system, browser] = await Promise.all([startSystem({ receipts: true, mail: true, env }), openBrowser()]);
    });
    beforeEach(async () => {
      tests += 1;
      phone = `+4915119${index}${String(tests).padStart(5, '3')}`;
      system.clock.advance(HOUR_SECONDS);
      await signUp(system, phone, PASSWORD);
      walk = await Walk.begin(system, browser, look);
    });
    afterEach(() => walk.end());
    afterAll(async () => {
      await browser?.close();
      await system?.stop();
    });

    const seen = async (name: string) => expect(await walk.visit.inspect(`error-${name}`)).toEqual([]);
    /** Does it while there is no network, and sees that this is told. */
    const offline = (name: string, act: () => Promise<void>) =>
      walk.visit.cutOff(async () => {
        await act();
        await walk.refusedBy('error.network');
        await seen(`${name}-network`);
      });
    /** @throws Error when no answer has this status */
    const until = async (status: number, ask: (turn: number) => Promise<{ status: number }>) => {
      for (let turn = 0; turn < TRIES_MAX; turn += 1) if ((await ask(turn)).status === status) return;
      throw new Error(`${TRIES_MAX} times no ${status}`);
    };
    const at = async (path: string, heading: string) => {
      await walk.signIn(phone);
      if (path !== '/account') await walk.open(path, heading);
    };

    it('register: a number that will not do, a password that is easy to guess, no network', async () => {
      await walk.open('/register', 'title.register');
      await walk.type('phone', '+493012345');
      await walk.fill('password', PASSWORD);
      await walk.press('title.register');
      await walk.refusedBy('error.phone_not_supported');
      await seen('register-phone');
      await walk.type('phone', `+4915119${index}9${String(tests).padStart(4, '0')}`);
      await walk.fill('password', 'password1234');
      await walk.press('title.register');
      await walk.refusedBy('error.password_blocklisted');
      await seen('register-password');
      await walk.fill('password', PASSWORD);
      await offline('register', () => walk.press('title.register'));
    });

    it('login: a wrong password, no network, too many tries', async () => {
      await walk.open('/login', 'title.login');
      await walk.givePassword(phone, 'not-the-password-41');
      await walk.refusedBy('error.credentials_invalid');
      await seen('login-password');
      await offline('login', () => walk.press('title.login'));
      const person = new Person(system, phone, 'not-the-password-41');
      await until(429, () => person.login());
      await walk.press('title.login');
      await walk.refusedBy('error.rate_limited');
      await seen('login-tries');
    });

    it('an address that is not the one of these pages', async () => {
      await walk.page.goto(`${system.api.url.replace('127.0.0.1', 'localhost')}/login`);
      await walk.refusedBy('error.forbidden_origin');
      await seen('elsewhere');
      walk.visit.complaints.length = 0; // a visit takes every other address for a stranger's
    });

    it('code: a wrong one, no network, one that has expired', async () => {
      const after = await system.phone.newest(phone);
      await walk.open('/login', 'title.login');
      await walk.givePassword(phone);
      await walk.arrivedAt('title.code');
      await walk.fill('code', walk.wrong(await system.phone.codeFor(phone, { after })));
      await walk.press('continue');
      await walk.refusedBy('error.code_invalid');
      await seen('code-wrong');
      await offline('code', () => walk.press('continue'));
      system.clock.advance(CODE_SECONDS);
      await walk.tells('code.ended');
      await seen('code-ended');
    });

    it('forgot: no network, no message left to send, too many tries', async () => {
      await walk.open('/forgot', 'title.forgot');
      await walk.type('phone', phone);
      await offline('forgot', () => walk.press('continue'));
      const ask = (turn: number) =>
        system.api.post('/v1/auth/password/forgot', {
          identifier: `+4915119${index}8${String(tests).padStart(2, '0')}${String(turn).padStart(2, '0')}`,
        });
      await until(503, ask);
      await walk.press('continue');
      await walk.refusedBy('error.sms_budget_exhausted');
      await seen('forgot-budget');
      await until(429, ask);
      await walk.press('continue');
      await walk.refusedBy('error.rate_limited');
      await seen('forgot-tries');
    });

    it('reset: a password that is easy to guess, a wrong code, one that has expired', async () => {
      const after = await system.phone.newest(phone);
      await walk.open('/forgot', 'title.forgot');
      await walk.type('phone', phone);
      await walk.press('continue');
      await walk.arrivedAt('title.reset');
      const code = await system.phone.codeFor(phone, { after });
      await walk.fill('code', code);
      await walk.fill('password.new', 'password1234');
      await walk.press('password.change');
      await walk.refusedBy('error.password_blocklisted');
      await seen('reset-password');
      await walk.fill('password.new', `${PASSWORD}-new`);
      await walk.fill('code', walk.wrong(code));
      await walk.press('password.change');
      await walk.refusedBy('error.code_invalid');
      await seen('reset-code');
      system.clock.advance(CODE_SECONDS);
      await walk.tells('code.ended');
      await seen('reset-ended');
    });

    it('account: a number that will not do, a wrong code, no network', async () => {
      await at('/account', 'title.account');
      const part = walk.section('phone');
      await walk.press('phone.change', part);
      await walk.type('phone.new', '+493012345');
      await walk.press('continue', part);
      await walk.refusedBy('error.phone_not_supported');
      await seen('account-phone');
      const other = `+4915119${index}7${String(tests).padStart(4, '0')}`;
      await walk.type('phone.new', other);
      await walk.press('continue', part);
      await walk.fill('code', walk.wrong(await system.phone.codeFor(other)));
      await walk.press('continue', part);
      await walk.refusedBy('error.code_invalid');
      await seen('account-code');
      await offline('account', () => walk.press('save'));
    });

    it('security: a wrong password, one that is easy to guess, a wrong code of the app', async () => {
      await at('/account/security', 'title.security');
      await walk.press('password.change');
      await walk.fill('password.current', 'not-the-password-41');
      await walk.fill('password.new', `${PASSWORD}-new`);
      await walk.press('save');
      await walk.refusedBy('error.credentials_invalid');
      await seen('security-password');
      await walk.fill('password.current', PASSWORD);
      await walk.fill('password.new', 'password1234');
      await walk.press('save');
      await walk.refusedBy('error.password_blocklisted');
      await seen('security-guess');
      await walk.press('totp.add');
      await walk.fill('totpCode', '000000');
      await walk.press('continue');
      await walk.refusedBy('error.code_invalid');
      await seen('security-app');
    });

    it.each([
      ['sessions', '/account/sessions', 'title.sessions', 'sessions.others'],
      ['data', '/account/data', 'title.data', 'download'],
    ])('%s: no network, and who it is: a wrong password, a wrong code', async (name, path, heading, button) => {
      await new Person(system, phone, PASSWORD).again(); // another session, to be ended
      system.clock.advance(60);
      await at(path, heading);
      await offline(name, () => walk.press(button));
      system.clock.advance(11 * 60);
      await walk.press(button);
      const dialog = walk.page.getByRole('dialog');
      await dialog.locator('input[type=password]').fill('not-the-password-41');
      await walk.press('continue', dialog);
      await walk.refusedBy('error.credentials_invalid');
      await seen(`${name}-password`);
      const after = await system.phone.newest(phone);
      await dialog.locator('input[type=password]').fill(PASSWORD);
      await walk.press('continue', dialog);
      await dialog.getByRole('textbox').fill(walk.wrong(await system.phone.codeFor(phone, { after })));
      await walk.press('continue', dialog);
      await walk.refusedBy('error.code_invalid');
      await seen(`${name}-code`);
    });
  },
);
