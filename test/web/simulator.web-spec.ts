// The simulator's page: phones and mailboxes side by side, what arrives while one looks, and faults that are switched on by a click.
import type { Browser } from 'playwright-core';
import { signUp } from '../support/accounts';
import { startSystem, type System } from '../support/instance';
import { describeWithBrowser, openBrowser, Visit } from './support/chromium';
import { PASSWORD } from './support/walk';

const ANNE = '+4915119900001';
const BERT = '+4915119900002';

describeWithBrowser('the simulator’s page', () => {
  let system: System;
  let browser: Browser;
  let visit: Visit;

  beforeAll(async () => {
    [system, browser] = await Promise.all([startSystem({ receipts: true, mail: true }), openBrowser()]);
    visit = await Visit.begin(browser, { locale: 'en-US', scheme: 'light', size: 'desktop' });
    await visit.page.goto(system.simulator);
  });
  afterAll(async () => {
    expect(visit?.complaints).toEqual([]);
    await browser?.close();
    await system?.stop();
  });

  const phone = (number: string) => visit.page.getByRole('region', { name: `Phone ${number}` });
  const vendor = (name: string) =>
    visit.page.getByRole('listitem').filter({ has: visit.page.getByRole('heading', { name, exact: true }) });

  it('shows a message on its phone as it arrives, beside the other phones, and copies its code', async () => {
    await visit.page.getByText('Live', { exact: true }).waitFor();
    await signUp(system, ANNE, PASSWORD);
    await phone(ANNE).getByText('Text message by telnyx').waitFor();
    const { accessToken } = await signUp(system, BERT, PASSWORD);
    await system.api.post('/v1/users/me/email', { email: 'bert@example.com' }, { token: accessToken });
    await visit.page.getByRole('region', { name: 'Mailbox bert@example.com' }).waitFor();
    expect(await visit.page.getByRole('region', { name: /^Phone/ }).count()).toBe(2);
    const { code } = await system.phone.messageFor(ANNE);
    await phone(ANNE)
      .getByRole('button', { name: `Copy ${code}` })
      .click();
    await phone(ANNE).getByText('Copied').waitFor();
    expect(await visit.page.evaluate('navigator.clipboard.readText()')).toBe(code);
    await vendor('telnyx')
      .getByText(/^Works\. \d+ requests, .*answered 200\.$/)
      .waitFor();
    expect(await visit.inspect('simulator')).toEqual([]);
  });

  it('plays a fault from one click to the next: with the vendor down nothing arrives, then it does', async () => {
    const down = vendor('telnyx').getByRole('button', { name: 'Down' });
    await down.click();
    await vendor('telnyx')
      .getByText(/^Fault: status\./)
      .waitFor();
    expect(await down.getAttribute('aria-pressed')).toBe('true');
    const after = await system.phone.newest(ANNE);
    system.clock.advance(60);
    const login = await system.api.post('/v1/auth/login', { identifier: ANNE, password: PASSWORD });
    expect(login.status).toBe(200);
    await vendor('telnyx')
      .getByText(/met status/)
      .waitFor();
    expect(await system.phone.newest(ANNE)).toBe(after);
    await down.click();
    await vendor('telnyx')
      .getByText(/^Works\./)
      .waitFor();
    expect((await (await fetch(`${system.simulator}/faults`)).json()) as unknown[]).toEqual([]);
  });

  it('shows one number when asked for it', async () => {
    await visit.page.getByRole('searchbox').fill(BERT);
    await phone(ANNE).waitFor({ state: 'detached' });
    expect(await phone(BERT).count()).toBe(1);
  });
});
