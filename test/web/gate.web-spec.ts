// Behind the gate: the page solves the puzzle by itself while the person waits.
import type { Browser } from 'playwright-core';
import { startSystem, type System } from '../support/instance';
import { describeWithBrowser, openBrowser } from './support/chromium';
import { PASSWORD, Walk } from './support/walk';

describeWithBrowser('with a puzzle before it', () => {
  let system: System;
  let browser: Browser;
  beforeAll(async () => {
    const env = { CHALLENGE_GATE: 'always', CHALLENGE_GATE_DIFFICULTY: '12' };
    [system, browser] = await Promise.all([startSystem({ receipts: true, env }), openBrowser()]);
  });
  afterAll(async () => {
    await browser?.close();
    await system?.stop();
  });

  it('a registration on the page goes well', async () => {
    const walk = await Walk.begin(system, browser, { locale: 'en-US', scheme: 'light', size: 'phone' });
    await walk.open('/register', 'title.register');
    await walk.type('phone', '+4915114400001');
    await walk.fill('password', PASSWORD);
    await walk.press('title.register');
    await walk.arrivedAt('title.code');
    await walk.tells('delivery.delivered');
    await walk.end();
  });
});
