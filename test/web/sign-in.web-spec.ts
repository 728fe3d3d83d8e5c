// Registering and logging in as a person does it, in a real browser.
import type { Browser } from 'playwright-core';
import { startSystem, type System } from '../support/instance';
import { describeWithBrowser, openBrowser, Visit } from './support/chromium';

const PASSWORD = 'violet-harbor-41-lantern';

describeWithBrowser('a person', () => {
  let system: System;
  let browser: Browser;
  beforeAll(async () => {
    [system, browser] = await Promise.all([startSystem({ receipts: true, mail: true }), openBrowser()]);
  });
  afterAll(async () => {
    await browser?.close();
    await system?.stop();
  });

  it('registers, proves the number and is signed in', async () => {
    const visit = await Visit.begin(browser, { locale: 'en-US', scheme: 'light', size: 'phone' });
    const { page } = visit;
    await page.goto(`${system.api.url}/register`);
    await page.getByLabel('Mobile number').pressSequentially('2025550123');
    expect(await page.getByLabel('Mobile number').inputValue()).toBe('(202) 555-0123');
    expect(await visit.inspect('register')).toEqual([]);
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await page.getByRole('button', { name: 'Create an account' }).click();
    await page.getByText('Arrived at your phone.').waitFor();
    expect(await visit.inspect('code')).toEqual([]);
    const code = await system.phone.codeFor('+12025550123');
    await page.getByLabel('Code', { exact: true }).fill(code);
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByRole('heading', { name: 'Your account' }).waitFor();
    expect(await visit.inspect('account')).toEqual([]);
    await page.reload();
    await page.getByRole('heading', { name: 'Your account' }).waitFor();
    expect(visit.complaints).toEqual([]);
    await visit.end();
  });
});
