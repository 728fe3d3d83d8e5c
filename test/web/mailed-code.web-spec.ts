// An account that has lost its number and has neither app nor recovery codes: its codes go by mail (ADR 61), at the sign-in and at a step-up.
import type { Browser } from 'playwright-core';
import { askedEmail, confirmEmail } from '../support/emails';
import { startSystem, type System } from '../support/instance';
import { Person } from '../support/person';
import { describeWithBrowser, openBrowser } from './support/chromium';
import { looks, PASSWORD, Walk } from './support/walk';

const STALE_SECONDS = 11 * 60;

describeWithBrowser.each(looks.map((look, index) => ({ ...look, index })))(
  'a code by mail, $locale',
  ({ index, ...look }) => {
    let system: System;
    let browser: Browser;
    let walk: Walk;

    beforeAll(async () => {
      [system, browser] = await Promise.all([startSystem({ receipts: true, mail: true }), openBrowser()]);
      walk = await Walk.begin(system, browser, look);
    });
    afterAll(async () => {
      await walk?.end();
      await browser?.close();
      await system?.stop();
    });

    it('signs its owner in, is sent again when asked for, and is good for a fresh sign-in', async () => {
      const address = `former${index}@example.com`;
      const person = new Person(system, `+491511770000${index}`, PASSWORD);
      const tokens = await person.joined();
      const { token, code } = await askedEmail(system, system.api, tokens, address);
      expect((await confirmEmail(system.api, tokens, token, code)).status).toBe(200);
      await person.becomeIdle();
      await new Person(system, person.phone, 'another-person-52-violin').joined();

      const first = await system.mailbox.newest(address);
      await walk.open('/login', 'title.login');
      await walk.press('email.use');
      await walk.fill('email', address);
      await walk.fill('password', PASSWORD);
      await walk.press('title.login');
      await walk.arrivedAt('title.code');
      await walk.fill('code', walk.wrong(await system.mailbox.codeFor(address, first)));
      await walk.press('continue');
      await walk.refusedBy('error.code_invalid');
      expect(await walk.visit.inspect('mailed-code')).toEqual([]);
      const second = await system.mailbox.newest(address);
      system.clock.advance(31);
      await walk.press('resend');
      await walk.fill('code', await system.mailbox.codeFor(address, second));
      await walk.press('continue');
      await walk.arrivedAt('title.account');
      await walk.tells('welcome', { name: `\u2068${address}\u2069` });

      system.clock.advance(STALE_SECONDS);
      const third = await system.mailbox.newest(address);
      await walk.open('/account/data', 'title.data');
      await walk.press('download');
      const dialog = walk.page.getByRole('dialog');
      await dialog.locator('input[type=password]').fill(PASSWORD);
      await walk.press('continue', dialog);
      await dialog.locator('input.code').fill(await system.mailbox.codeFor(address, third));
      await Promise.all([walk.page.waitForEvent('download'), walk.press('continue', dialog)]);
    });
  },
);
