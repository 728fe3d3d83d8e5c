// The account pages as their owner uses them: what goes well, and what goes wrong most.
import type { Browser } from 'playwright-core';
import { signUp } from '../support/accounts';
import type { ChallengeBody } from '../support/api-client';
import { startSystem, type System } from '../support/instance';
import { Person } from '../support/person';
import { AuthenticatorApp } from '../support/totp';
import { describeWithBrowser, openBrowser } from './support/chromium';
import { looks, PASSWORD, Walk } from './support/walk';

/** A sign-in is fresh for ten minutes. */
const STALE_SECONDS = 11 * 60;

describeWithBrowser.each(looks.map((look, index) => ({ ...look, index })))(
  'the account, $locale',
  ({ index, ...look }) => {
    let system: System;
    let browser: Browser;
    let walk: Walk;
    let phone: string;
    let tests = 0;

    beforeAll(async () => {
      [system, browser] = await Promise.all([startSystem({ receipts: true, mail: true }), openBrowser()]);
    });
    beforeEach(async () => {
      tests += 1;
      phone = `+4915112${index}7${String(tests).padStart(4, '0')}`;
      await signUp(system, phone, PASSWORD);
      walk = await Walk.begin(system, browser, look);
      await walk.signIn(phone);
    });
    afterEach(() => walk.end());
    afterAll(async () => {
      await browser?.close();
      await system?.stop();
    });

    const visit = async (path: string, heading: string) => {
      await walk.page
        .getByRole('link', { name: walk.t(heading === 'title.account' ? 'nav.account' : heading), exact: true })
        .click();
      await walk.arrivedAt(heading);
      expect(new URL(walk.page.url()).pathname).toBe(path);
    };

    it('takes a name; a new number when it is proved, after telling of a wrong code and of one that will not do', async () => {
      const name = walk.page.getByRole('textbox', { name: new RegExp(`^${walk.t('name')} `) });
      await name.fill(`${'\u{1f511}'.repeat(100)}.`);
      await walk.press('save');
      await walk.refusedBy('error.validation_failed');
      await walk.tells('error.field');
      await name.fill('\u{1f511}'.repeat(100));
      await walk.press('save');
      await walk.page.getByText('\u{1f511}'.repeat(100)).first().waitFor();
      await name.fill('Ada Łovelace');
      await walk.press('save');
      await walk.tells('saved');
      await walk.page.getByText('Ada Łovelace').first().waitFor();
      const part = walk.section('phone');
      await walk.press('phone.change', part);
      await walk.type('phone.new', '+493012345');
      await walk.press('continue', part);
      await walk.refusedBy('error.phone_not_supported');
      expect(await walk.visit.inspect('phone-refused')).toEqual([]);
      const other = `+4915112${index}8${String(tests).padStart(4, '0')}`;
      await walk.type('phone.new', other);
      await walk.press('continue', part);
      const code = await system.phone.codeFor(other);
      await walk.fill('code', walk.wrong(code));
      await walk.press('continue', part);
      await walk.refusedBy('error.code_invalid');
      await walk.fill('code', code);
      await walk.press('continue', part);
      await walk.tells('phone.changed');
    });

    it('takes an e-mail address when its code is entered, after a fresh sign-in, and takes it away again', async () => {
      const address = `ada${index}@example.com`;
      system.clock.advance(STALE_SECONDS);
      const part = walk.section('email');
      await walk.press('add', part);
      await walk.fill('email', address);
      await walk.press('continue', part);
      await stepUp();
      const code = await system.mailbox.codeFor(address);
      await walk.fill('code', walk.wrong(code));
      await walk.press('continue', part);
      await walk.refusedBy('error.code_invalid');
      await walk.fill('code', code);
      await walk.press('continue', part);
      await walk.tells('email.changed');
      expect(await walk.visit.inspect('account')).toEqual([]);
      await walk.press('remove', part);
      await part.getByText(walk.t('none'), { exact: true }).waitFor();
    });

    it('asks who it is before it changes the password, tells of wrong ones, and can be declined', async () => {
      await visit('/account/security', 'title.security');
      expect(await walk.visit.inspect('security')).toEqual([]);
      system.clock.advance(STALE_SECONDS);
      await walk.press('password.change');
      await walk.fill('password.current', PASSWORD);
      await walk.fill('password.new', 'password1234');
      await walk.press('save');
      await walk.page.getByRole('dialog').waitFor();
      expect(await walk.visit.inspect('step-up')).toEqual([]);
      await walk.page.keyboard.press('Escape');
      await walk.page.getByRole('dialog').waitFor({ state: 'detached' });
      await walk.press('save');
      await stepUp({ wrongFirst: true });
      await walk.refusedBy('error.password_blocklisted');
      await walk.fill('password.new', `${PASSWORD}-new`);
      await walk.fill('password.current', 'not-the-password-41');
      await walk.press('save');
      await walk.refusedBy('error.credentials_invalid');
      await walk.fill('password.current', PASSWORD);
      await walk.press('save');
      await walk.tells('password.changed');
    });

    it('an authenticator app is scanned, refused once, confirmed, and asked for at the next sign-in; so is a recovery code', async () => {
      await visit('/account/security', 'title.security');
      await walk.press('codes.make');
      await walk.tells('codes.once');
      const [recovery = ''] = await walk.page.locator('.codes li').allTextContents();
      expect(recovery).toMatch(/^[A-Z2-7]{4}(-[A-Z2-7]{4}){3}$/);
      await walk.press('totp.add');
      await walk.page.getByRole('img', { name: walk.t('totp.qr') }).waitFor();
      expect(await walk.visit.inspect('totp')).toEqual([]);
      const app = new AuthenticatorApp(new Person(system, phone), await walk.page.locator('dd code').innerText());
      await walk.fill('totpCode', app.wrong());
      await walk.press('continue');
      await walk.refusedBy('error.code_invalid');
      await walk.fill('totpCode', app.code());
      await walk.press('continue');
      await walk.tells('totp.on');
      await walk.press('nav.logout');
      await walk.arrivedAt('title.login');
      system.clock.advance(31);
      await walk.givePassword(phone);
      await walk.tells('code.totp');
      await walk.press('use.recovery');
      await walk.fill('recovery', recovery.toLowerCase());
      expect(await walk.visit.inspect('recovery-code')).toEqual([]);
      await walk.press('use.totp');
      await walk.fill('code', app.code());
      await walk.press('continue');
      await walk.arrivedAt('title.account');
    });

    it('lists sessions and ends another one; trusts this device, so that the password is enough, until that is ended', async () => {
      const { accessToken: other } = await new Person(system, phone, PASSWORD).again();
      await visit('/account/sessions', 'title.sessions');
      // Throws for none, and for more than one.
      await walk.page
        .getByRole('listitem')
        .filter({ hasText: walk.t('sessions.this') })
        .waitFor();
      expect(await walk.visit.inspect('sessions')).toEqual([]);
      await walk.press('sessions.others');
      await walk.tells('sessions.ended');
      expect((await system.api.get('/v1/users/me', { token: other })).status).toBe(401);
      await walk.press('nav.logout');
      await walk.arrivedAt('title.login');
      await walk.signIn(phone, { trust: true });
      await walk.press('nav.logout');
      await walk.arrivedAt('title.login');
      await walk.givePassword(phone);
      await walk.arrivedAt('title.account');
      await visit('/account/security', 'title.security');
      await walk.page
        .getByRole('list', { name: walk.t('devices') })
        .getByRole('button')
        .click();
      await walk.tells('devices.none');
    });

    it('A86: shows what a device calls itself as text, whatever it is', async () => {
      const hostile = '<img src=x onerror="document.title=1"><b>bold</b>';
      const person = new Person(system, phone, PASSWORD);
      await person.again({ deviceName: hostile });
      system.clock.advance(31);
      const after = await system.phone.newest(phone);
      const headers = { 'user-agent': hostile };
      const options = { headers };
      const credentials = { identifier: phone, password: PASSWORD };
      const { body } = await system.api.post<ChallengeBody>('/v1/auth/login', credentials, options);
      const code = await system.phone.codeFor(phone, { after });
      await system.api.post('/v1/auth/otp/verify', { challengeToken: body.challengeToken, code }, options);
      await visit('/account/sessions', 'title.sessions');
      const list = walk.page.getByRole('list', { name: walk.t('title.sessions') });
      await list.getByText(hostile, { exact: true }).first().waitFor();
      expect(await list.locator('img, b').count()).toBe(0);
      expect(await walk.page.title()).not.toBe('1');
      expect(await walk.visit.inspect('hostile-device')).toEqual([]);
    });

    it('hands out what is kept, and is erased for good', async () => {
      await visit('/account/data', 'title.data');
      expect(await walk.visit.inspect('data')).toEqual([]);
      const [file] = await Promise.all([walk.page.waitForEvent('download'), walk.press('download')]);
      expect(file.suggestedFilename()).toBe('latchkey-account.json');
      await walk.press('delete');
      await walk.page.getByRole('checkbox').check();
      await walk.press('delete');
      await walk.arrivedAt('title.login');
      await walk.tells('deleted');
      await walk.givePassword(phone);
      await walk.refusedBy('error.credentials_invalid');
    });

    /** Password and code in the dialog that has opened. */
    async function stepUp({ wrongFirst = false } = {}): Promise<void> {
      const dialog = walk.page.getByRole('dialog');
      await dialog.waitFor();
      const after = await system.phone.newest(phone);
      const password = dialog.locator('input[type=password]');
      if (wrongFirst) {
        await password.fill('not-the-password-41');
        await walk.press('continue', dialog);
        await walk.refusedBy('error.credentials_invalid');
      }
      await password.fill(PASSWORD);
      await walk.press('continue', dialog);
      await dialog.getByRole('textbox').fill(await system.phone.codeFor(phone, { after }));
      await walk.press('continue', dialog);
      await dialog.waitFor({ state: 'detached' });
    }
  },
);
