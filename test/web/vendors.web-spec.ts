// A login through the page with each vendor: its client sends, the simulator speaks its dialect, the page follows the message.
import 'reflect-metadata';
import type { Browser } from 'playwright-core';
import { providerDefinitions } from '../../src/sms/providers';
import { signUp } from '../support/accounts';
import { startSystem } from '../support/instance';
import { describeWithBrowser, openBrowser } from './support/chromium';
import { PASSWORD, Walk } from './support/walk';

const vendors = providerDefinitions.map(({ name }) => name);

describeWithBrowser('a login on the page', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(() => browser?.close());

  it.each(vendors.map((vendor, index) => [vendor, `+49151177${String(index).padStart(5, '2')}`]))(
    'goes well with the code of %s',
    async (provider, phone) => {
      const system = await startSystem({ provider, receipts: true });
      try {
        await signUp(system, phone, PASSWORD);
        const walk = await Walk.begin(system, browser, { locale: 'en-US', scheme: 'light', size: 'phone' });
        await walk.signIn(phone);
        await walk.end();
      } finally {
        await system.stop();
      }
    },
  );
});
