// Everything by keyboard: Tab reaches each thing, Enter does it, and the focus is where the person is told what happened.
import type { Browser, Locator } from 'playwright-core';
import { signUp } from '../support/accounts';
import { startSystem, type System } from '../support/instance';
import { describeWithBrowser, openBrowser } from './support/chromium';
import { looks, PASSWORD, Walk } from './support/walk';

const TABS_MAX = 30;

describeWithBrowser.each(looks.map((look, index) => ({ ...look, index })))(
  'by keyboard, $locale',
  ({ index, ...look }) => {
    let system: System;
    let browser: Browser;
    let walk: Walk;
    const phone = `+491511660000${index}`;

    beforeAll(async () => {
      [system, browser] = await Promise.all([startSystem({ receipts: true }), openBrowser()]);
      await signUp(system, phone, PASSWORD);
      walk = await Walk.begin(system, browser, look);
    });
    afterAll(async () => {
      await walk?.end();
      await browser?.close();
      await system?.stop();
    });

    const hasFocus = async (thing: Locator) => (await thing.and(walk.page.locator(':focus')).count()) === 1;

    async function tabTo(thing: Locator): Promise<void> {
      await thing.waitFor();
      for (let tabs = 0; tabs < TABS_MAX; tabs += 1) {
        if (await hasFocus(thing)) return;
        await walk.page.keyboard.press('Tab');
      }
      throw new Error(`${TABS_MAX} times Tab do not lead there`);
    }

    const button = (key: string) => walk.page.getByRole('button', { name: walk.t(key), exact: true });

    it('signs in, is taken to what went wrong and to each new page, declines a step-up and signs out', async () => {
      const { keyboard } = walk.page;
      await walk.open('/login', 'title.login');
      await keyboard.press('Tab');
      expect(await hasFocus(walk.page.getByRole('link', { name: walk.t('nav.skip') }))).toBe(true);
      await tabTo(walk.field('phone'));
      await keyboard.type(phone);
      await tabTo(walk.field('password'));
      await keyboard.type('not-the-password-41');
      await keyboard.press('Enter');
      await walk.refusedBy('error.credentials_invalid');
      expect(await hasFocus(walk.page.getByRole('alert'))).toBe(true);
      const after = await system.phone.newest(phone);
      await tabTo(walk.field('password'));
      await keyboard.press('Control+A');
      await keyboard.type(PASSWORD);
      await keyboard.press('Enter');
      await walk.arrivedAt('title.code');
      expect(await hasFocus(walk.page.getByRole('heading', { level: 1 }))).toBe(true);
      await tabTo(walk.field('code'));
      await keyboard.type(await system.phone.codeFor(phone, { after }));
      await keyboard.press('Enter');
      await walk.arrivedAt('title.account');
      await tabTo(button('phone.change'));
      await keyboard.press('Enter');
      await tabTo(button('cancel'));
      await keyboard.press('Enter');
      expect(await hasFocus(button('phone.change'))).toBe(true);
      system.clock.advance(11 * 60);
      await walk.open('/account/data', 'title.data');
      await tabTo(button('download'));
      await keyboard.press('Enter');
      await walk.page.getByRole('dialog').waitFor();
      expect(await hasFocus(walk.page.getByRole('dialog').locator('input'))).toBe(true);
      await keyboard.press('Escape');
      await walk.page.getByRole('dialog').waitFor({ state: 'detached' });
      expect(await hasFocus(button('download'))).toBe(true);
      await walk.open('/account/data', 'title.data');
      await tabTo(button('nav.logout'));
      await keyboard.press('Enter');
      await walk.arrivedAt('title.login');
    });
  },
);
