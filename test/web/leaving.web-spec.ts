// Signing out on the pages: what is said of it is so, and what the person chose for these pages stays.
import type { Browser } from 'playwright-core';
import { signUp } from '../support/accounts';
import { startSystem, type System } from '../support/instance';
import { describeWithBrowser, openBrowser } from './support/chromium';
import { looks, PASSWORD, Walk } from './support/walk';

describeWithBrowser.each(looks.map((look, index) => ({ ...look, index })))(
  'signing out, $locale',
  ({ index, ...look }) => {
    let system: System;
    let browser: Browser;
    let walk: Walk;
    let phone: string;
    let tests = 0;

    beforeAll(async () => {
      [system, browser] = await Promise.all([startSystem({ receipts: true }), openBrowser()]);
    });
    beforeEach(async () => {
      tests += 1;
      phone = `+4915113${index}${String(tests).padStart(5, '6')}`;
      await signUp(system, phone, PASSWORD);
      walk = await Walk.begin(system, browser, look);
      await walk.signIn(phone);
    });
    afterEach(() => walk.end());
    afterAll(async () => {
      await browser?.close();
      await system?.stop();
    });

    it('that does not reach the server is told as such: the person is signed in still, and may try again', async () => {
      await walk.visit.cutOff(async () => {
        await walk.press('nav.logout');
        await walk.refusedBy('error.network');
        await walk.arrivedAt('title.account');
        expect(await walk.visit.inspect('logout-network')).toEqual([]);
      });
      await walk.page.reload();
      await walk.arrivedAt('title.account');
      await walk.press('nav.logout');
      await walk.tells('signed_out');
      await walk.open('/', 'title.login');
    });

    it('leaves the language that was chosen here, and chooses none', async () => {
      const kept = () => walk.page.evaluate<string | null>(`localStorage.getItem('latchkey:language')`);
      await walk.press('nav.logout');
      await walk.tells('signed_out');
      expect(await kept()).toBeNull();
      system.clock.advance(31);
      await walk.signIn(phone);
      await walk.page.getByRole('combobox', { name: walk.t('nav.language') }).selectOption('de');
      await walk.page.getByRole('button', { name: 'Abmelden' }).click();
      await walk.page.getByText('Sie sind abgemeldet.').waitFor();
      expect(await kept()).toBe('de');
      await walk.page.reload();
      await walk.page.getByRole('heading', { level: 1, name: 'Anmelden', exact: true }).waitFor();
    });
  },
);
