// The length that a code is told to have helps to find it in a pasted message, and cuts nothing: another vendor may have sent a longer one.
import type { Browser } from 'playwright-core';
import { signUp } from '../support/accounts';
import { startSystem, type System } from '../support/instance';
import { setFault } from '../support/simulator-control';
import { describeWithBrowser, openBrowser } from './support/chromium';
import { looks, PASSWORD, Walk } from './support/walk';

const SERVICE = 'sinch-verification';

describeWithBrowser.each(looks.map((look, index) => ({ ...look, index })))(
  'a code of another length than was told first, $locale',
  ({ index, ...look }) => {
    let system: System;
    let browser: Browser;
    let walk: Walk;
    let phone: string;
    let tests = 0;

    beforeAll(async () => {
      // In Arabic the name stands before the code.
      const env = { SINCH_CODE_LENGTH: '4', APP_NAME: 'Shop 2024' };
      const options = { provider: `${SERVICE},telnyx`, receipts: true, env };
      [system, browser] = await Promise.all([startSystem(options), openBrowser()]);
    });
    beforeEach(async () => {
      tests += 1;
      phone = `+4915110${index}${String(tests).padStart(5, '5')}`;
      await signUp(system, phone, PASSWORD);
      walk = await Walk.begin(system, browser, look);
    });
    afterEach(() => walk.end());
    afterAll(async () => {
      await browser?.close();
      await system?.stop();
    });

    /** @returns our own message, of six digits, which has followed the service's with four */
    async function messageOfTheOther(): Promise<{ text: string; code: string | null }> {
      const after = await system.phone.newest(phone);
      await setFault(system, SERVICE, { kind: 'status', status: 503 });
      system.clock.advance(31); // the breaker forgets
      await walk.open('/login', 'title.login');
      const [told] = await Promise.all([
        walk.page.waitForResponse('**/v1/auth/login'),
        walk.givePassword(phone),
        walk.arrivedAt('title.code'),
      ]);
      expect(await told.json()).toMatchObject({ codeLength: 4 });
      return system.phone.messageFor(phone, { after });
    }

    it('is found in a message with other digits, once the page knows who has sent it', async () => {
      const { text, code } = await messageOfTheOther();
      await walk.tells('delivery.delivered');
      await walk.fill('code', text);
      expect(await walk.field('code').inputValue()).toBe(code);
      await walk.press('continue');
      await walk.arrivedAt('title.account');
    });

    it('may be typed whole while the page does not know', async () => {
      await walk.page.route('**/v1/auth/otp/status', (route) => route.fulfill({ status: 503 }));
      const { code } = await messageOfTheOther();
      await walk.type('code', String(code));
      await walk.press('continue');
      await walk.arrivedAt('title.account');
    });
  },
);
