// Registering, logging in and choosing a new password as people do it, in a real browser: what goes well, and what goes wrong most.
import type { Browser } from 'playwright-core';
import { signUp } from '../support/accounts';
import { startSystem, type System } from '../support/instance';
import { describeWithBrowser, openBrowser } from './support/chromium';
import { looks, PASSWORD, Walk } from './support/walk';

describeWithBrowser.each(looks.map((look, index) => ({ ...look, index })))(
  'signing in, $locale',
  ({ index, ...look }) => {
    let system: System;
    let browser: Browser;
    let walk: Walk;
    /** Another number for each test and language. */
    const numberOf = (test: number) => `+4915112${index}${String(test).padStart(5, '4')}`;

    beforeAll(async () => {
      [system, browser] = await Promise.all([startSystem({ receipts: true, mail: true }), openBrowser()]);
    });
    beforeEach(async () => {
      walk = await Walk.begin(system, browser, look);
    });
    afterEach(() => walk.end());
    afterAll(async () => {
      await browser?.close();
      await system?.stop();
    });

    it('registers: the number is written as in its country, the message is followed, and a reload keeps the session', async () => {
      const phone = numberOf(1);
      await walk.open('/register', 'title.register');
      await walk.type('phone', phone);
      expect(await walk.field('phone').inputValue()).toMatch(/^\+49 1511 2/);
      expect(await walk.page.getByRole('combobox', { name: walk.t('phone.country') }).inputValue()).toBe('DE');
      expect(await walk.visit.inspect('register')).toEqual([]);
      await walk.fill('password', PASSWORD);
      await walk.press('title.register');
      await walk.arrivedAt('title.code');
      await walk.tells('delivery.delivered');
      expect(await walk.field('code').getAttribute('autocomplete')).toBe('one-time-code');
      expect(await walk.visit.inspect('code')).toEqual([]);
      const { text } = await system.phone.messageFor(phone);
      await walk.fill('code', text); // the whole message, pasted
      await walk.press('continue');
      await walk.arrivedAt('title.account');
      await walk.page.reload();
      await walk.arrivedAt('title.account');
    });

    it('register tells of a number that will not do, a password that is easy to guess, and a wrong code', async () => {
      const phone = numberOf(2);
      await walk.open('/register', 'title.register');
      await walk.type('phone', '+493012345');
      await walk.fill('password', PASSWORD);
      await walk.press('title.register');
      await walk.refusedBy('error.phone_not_supported');
      expect(await walk.field('phone').getAttribute('aria-invalid')).toBe('true');
      expect(await walk.visit.inspect('register-refused')).toEqual([]);
      await walk.type('phone', phone);
      await walk.fill('password', 'password1234');
      await walk.press('title.register');
      await walk.refusedBy('error.password_blocklisted');
      await walk.fill('password', PASSWORD);
      await walk.press('title.register');
      await walk.arrivedAt('title.code');
      await walk.fill('code', walk.wrong(await system.phone.codeFor(phone)));
      await walk.press('continue');
      await walk.refusedBy('error.code_invalid');
      await walk.tells('attempts', { count: 4 });
      expect(await walk.visit.inspect('code-refused')).toEqual([]);
    });

    it('takes a name and a new password whole: one that is too long is told as such, and every character counts', async () => {
      const phone = numberOf(6);
      const longest = '\u{1f511}'.repeat(127);
      await walk.open('/register', 'title.register');
      await walk.type('phone', phone);
      await walk.fill('password', `${longest}ab`);
      const name = '\u{1f642}'.repeat(100);
      await walk.page.getByRole('textbox', { name: new RegExp(`^${walk.t('name')} `) }).fill(name);
      await walk.press('title.register');
      await walk.refusedBy('error.password_too_long');
      await walk.fill('password', `${longest}a`);
      await walk.press('title.register');
      await walk.arrivedAt('title.code');
      await walk.fill('code', await system.phone.codeFor(phone));
      await walk.press('continue');
      await walk.arrivedAt('title.account');
      await walk.tells('welcome', { name: `\u2068${name}\u2069` });
      await walk.press('nav.logout');
      await walk.arrivedAt('title.login');
      await walk.givePassword(phone, `${longest}b`);
      await walk.refusedBy('error.credentials_invalid');
      await walk.fill('password', `${longest}a`);
      await walk.press('title.login');
      await walk.arrivedAt('title.code');
    });

    it('login tells of a wrong password, a wrong code and too many of them; then it begins anew and goes well', async () => {
      const phone = numberOf(3);
      await signUp(system, phone, PASSWORD);
      await walk.open('/login', 'title.login');
      expect(await walk.visit.inspect('login')).toEqual([]);
      await walk.givePassword(phone, 'not-the-password-41');
      await walk.refusedBy('error.credentials_invalid');
      expect(await walk.visit.inspect('login-refused')).toEqual([]);
      await walk.fill('password', PASSWORD);
      await walk.press('title.login');
      await walk.arrivedAt('title.code');
      const wrong = walk.wrong(await system.phone.codeFor(phone, { after: undefined }));
      for (const left of [4, 3, 2, 1, 0]) {
        await walk.fill('code', wrong);
        await walk.press('continue');
        await walk.tells('attempts', { count: left });
      }
      await walk.tells('code.ended');
      expect(await walk.visit.inspect('code-ended')).toEqual([]);
      system.clock.advance(60);
      await walk.press('restart');
      await walk.signIn(phone);
      await walk.press('nav.logout');
      await walk.arrivedAt('title.login');
      await walk.tells('signed_out');
    });

    it('a message that does not come is asked for again when its time has come', async () => {
      const phone = numberOf(4);
      await signUp(system, phone, PASSWORD);
      await walk.open('/login', 'title.login');
      await walk.givePassword(phone);
      await walk.arrivedAt('title.code');
      const first = await system.phone.newest(phone);
      const again = walk.page.getByRole('button', { name: walk.t('resend.in', { time: '' }).trim() });
      expect(await again.getAttribute('aria-disabled')).toBe('true');
      system.clock.advance(31);
      await walk.press('resend');
      await walk.fill('code', await system.phone.codeFor(phone, { after: first }));
      await walk.press('continue');
      await walk.arrivedAt('title.account');
    });

    it('forgot tells of a password that is easy to guess and of a wrong code, then replaces it; the old one is refused', async () => {
      const phone = numberOf(5);
      const { user } = await signUp(system, phone, PASSWORD);
      expect(user.id).toBeTruthy();
      const after = await system.phone.newest(phone);
      await walk.open('/forgot', 'title.forgot');
      expect(await walk.visit.inspect('forgot')).toEqual([]);
      await walk.type('phone', phone);
      await walk.press('continue');
      await walk.arrivedAt('title.reset');
      const code = await system.phone.codeFor(phone, { after });
      await walk.fill('code', code);
      await walk.fill('password.new', 'password1234');
      await walk.press('password.change');
      await walk.refusedBy('error.password_blocklisted');
      expect(await walk.visit.inspect('reset')).toEqual([]);
      await walk.fill('password.new', `${PASSWORD}-new`);
      await walk.fill('code', walk.wrong(code));
      await walk.press('password.change');
      await walk.refusedBy('error.code_invalid');
      await walk.fill('code', code);
      await walk.press('password.change');
      await walk.arrivedAt('title.login');
      await walk.tells('reset.done');
      await walk.givePassword(phone);
      await walk.refusedBy('error.credentials_invalid');
    });
  },
);
