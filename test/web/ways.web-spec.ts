// How a code gets into the page besides typing: by a call instead of a text, and handed over by the browser (WebOTP).
// Of WebOTP this shows our side: what the page asks of the browser, that it takes what comes, and that the message is one that the browser
// takes for this very host. The browser's own part, reading a phone's messages, needs a phone; in its place stands a stub that reads the
// simulated one by the rule of the browser (wicg.github.io/sms-one-time-codes).
import type { Browser } from 'playwright-core';
import { signUp } from '../support/accounts';
import { startSystem, type System } from '../support/instance';
import { describeWithBrowser, openBrowser } from './support/chromium';
import { looks, PASSWORD, Walk } from './support/walk';

/** Stands in the page for what a phone's browser has. `arrives` is the text of a message. */
const webOtp = `
  window.OTPCredential = class {};
  window.asked = [];
  navigator.credentials.get = (options) => new Promise((resolve, reject) => {
    const ask = { transport: options.otp && options.otp.transport, isOver: false };
    window.asked.push(ask);
    options.signal.addEventListener('abort', () => { ask.isOver = true; reject(options.signal.reason); });
    ask.arrives = (text) => {
      const [, host, code] = /^@(\\S+) #(\\S+)/.exec(text.trimEnd().split('\\n').at(-1)) || [];
      if (host === location.hostname) resolve({ code });
    };
  });`;

describeWithBrowser.each(looks.map((look, index) => ({ ...look, index })))(
  'a code comes, $locale',
  ({ index, ...look }) => {
    let system: System;
    let browser: Browser;
    let walk: Walk;
    const numberOf = (test: number) => `+4915118${index}${String(test).padStart(5, '4')}`;

    beforeAll(async () => {
      const env = { OTP_ORIGIN: '127.0.0.1' };
      const options = { provider: 'telnyx-verify', receipts: true, env };
      [system, browser] = await Promise.all([startSystem(options), openBrowser()]);
    });
    beforeEach(async () => {
      walk = await Walk.begin(system, browser, look);
    });
    afterEach(() => walk.end());
    afterAll(async () => {
      await browser?.close();
      await system?.stop();
    });

    it('by a call instead of a text, once its time has come; the page says so', async () => {
      const phone = numberOf(1);
      await signUp(system, phone, PASSWORD);
      const after = await system.phone.newest(phone);
      await walk.open('/login', 'title.login');
      await walk.givePassword(phone);
      await walk.arrivedAt('title.code');
      const call = walk.page.getByRole('button', { name: walk.t('use.voice') });
      expect(await call.getAttribute('aria-disabled')).toBe('true');
      const text = await system.phone.messageFor(phone, { after });
      expect(text.channel).toBe('sms');
      system.clock.advance(31);
      await walk.press('use.voice');
      const { channel, code } = await system.phone.messageFor(phone, { after: text.id });
      expect(channel).toBe('voice');
      await walk.tells('delivery.delivered');
      expect(await walk.visit.inspect('code-voice')).toEqual([]);
      await walk.fill('code', String(code));
      await walk.press('continue');
      await walk.arrivedAt('title.account');
    });

    it('from the browser, which hands over the one of a message for this host; asked once, and not after the page was left', async () => {
      await system.restart(0, { SMS_PROVIDERS: 'telnyx' });
      const phone = numberOf(2);
      await signUp(system, phone, PASSWORD);
      const after = await system.phone.newest(phone);
      await walk.page.addInitScript(webOtp);
      await walk.open('/login', 'title.login');
      expect(await walk.page.evaluate('asked.length')).toBe(0);
      await walk.givePassword(phone);
      await walk.arrivedAt('title.code');
      expect(await walk.page.evaluate('JSON.stringify(asked)')).toBe('[{"transport":["sms"],"isOver":false}]');
      const { text, code } = await system.phone.messageFor(phone, { after });
      await walk.page.evaluate(`asked[0].arrives(${JSON.stringify(text.replace('@127.0.0.1 ', '@evil.example '))})`);
      expect(await walk.field('code').inputValue()).toBe('');
      await walk.page.evaluate(`asked[0].arrives(${JSON.stringify(text)})`);
      await walk.page.locator(`input.code[value="${code}"]`).waitFor();
      await walk.page.waitForFunction(`document.querySelector('input.code').value === '${code}'`);
      await walk.press('continue');
      await walk.arrivedAt('title.account');
      expect(await walk.page.evaluate('asked.length + " " + asked[0].isOver')).toBe('1 true');
    });
  },
);
