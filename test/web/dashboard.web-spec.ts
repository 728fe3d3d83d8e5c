// The operators' dashboard in a real browser: what the simulator plays, an outage and a pumping attack, is what it shows; an account is
// found and disabled by keyboard; a wrong key opens nothing.
import type { Browser } from 'playwright-core';
import { startSystem, type System } from '../support/instance';
import { Person } from '../support/person';
import { clearFault, setFault } from '../support/simulator-control';
import { kinds, numberIn, registrations, SPEND_LIMITS, strangerTo } from '../support/strangers';
import { describeWithBrowser, openBrowser } from './support/chromium';
import { Desk } from './support/desk';

/** More than the five faults that open a breaker. */
const NEWCOMERS = 7;
const STRANGERS = 12;
/** Longer than the page waits between two questions when it is not paused. */
const PAUSED_MILLISECONDS = 4000;

describeWithBrowser('the dashboard', () => {
  let system: System;
  let browser: Browser;
  let desk: Desk;

  beforeAll(async () => {
    const env = {
      ...SPEND_LIMITS,
      LIMIT_SMS_UNVERIFIED: '4/1h,50/1d',
      SMS_PRICES: 'DE=0.09,GB=0.04',
      SMS_CURRENCY: 'EUR',
    };
    const options = { provider: 'telnyx,twilio', receipts: true, env };
    [system, browser] = await Promise.all([startSystem(options), openBrowser()]);
  });
  afterEach(() => desk.end());
  afterAll(async () => {
    await browser?.close();
    await system?.stop();
  });

  it('is opened by a key with scope admin and by no other, and keeps it nowhere but in memory', async () => {
    desk = await Desk.begin(system, browser);
    const told = (words: string) => desk.page.getByRole('alert').getByText(words).waitFor();
    await desk.giveKey(`ak_${'x'.repeat(43)}`);
    await told('This key is not accepted');
    await desk.giveKey('not a key ✂');
    await told('This is not a key.');
    expect(await desk.visit.inspect('dashboard-key')).toEqual([]);
    const body = { clientId: 'reader', name: 'Reader', scopes: ['phone_verifications'] };
    const made = await system.admin.post<{ secret: string }>('/v1/admin/clients', body, { token: system.adminKey });
    await desk.giveKey(made.body.secret);
    await told('does not have the scope admin');
    await desk.giveKey(system.adminKey);
    await desk.heading('Messages');
    await desk.tells('Nothing unusual.');
    // An address that somebody else made up shows no view that there is none of, and breaks nothing.
    await desk.view('Audit');
    await desk.page.evaluate(`location.hash = '#/constructor'`);
    await desk.heading('Messages');
    const kept = 'JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie, location.href])';
    expect(await desk.page.evaluate<string>(kept)).not.toContain(system.adminKey.slice(3, 12));
    await desk.page.reload();
    await desk.heading('Operator’s key');
  });

  it('shows an outage of a vendor: its breaker, what it did not take, and who took over', async () => {
    desk = await Desk.opened(system, browser);
    await setFault(system, 'telnyx', { kind: 'status', status: 503 });
    for (let n = 0; n < NEWCOMERS; n += 1) await new Person(system, numberIn('DE', 301, n)).joined();
    await desk.tells(/^telnyx is not called: its breaker is open\. Last failure: unavailable/);
    await desk.row('Vendors', 'telnyx').getByText('open', { exact: true }).waitFor();
    await desk.plotted('Handed to vendors', `twilio: ${NEWCOMERS}`);
    await desk.plotted('Not taken by vendors', 'telnyx: 5');
    await desk.figure('Codes entered', '100 %');
    // What may have been sent is reckoned with (ADR 30).
    await desk.figure('Cost', `${((NEWCOMERS + 5) * 0.09).toFixed(4)} EUR`);
    expect(await desk.visit.inspect('dashboard-outage')).toEqual([]);
    await desk.view('Audit');
    await desk
      .row('Audit log', 'sms_breaker_opened')
      .getByText(/^telnyx: /)
      .waitFor();
    await clearFault(system, 'telnyx');
    system.clock.advance(16);
    await new Person(system, numberIn('DE', 301, NEWCOMERS)).joined();
    await desk.view('Messages');
    await desk.row('Vendors', 'telnyx').getByText('closed', { exact: true }).waitFor();
  });

  it('shows a pumping attack: the country that takes no strangers, and how many were refused where', async () => {
    desk = await Desk.opened(system, browser);
    const answers = await registrations(STRANGERS, (n) => strangerTo(system, numberIn('GB', 302, n)));
    const refused = kinds(answers)['503 sms_budget_exhausted'] ?? 0;
    expect(refused).toBeGreaterThan(STRANGERS / 2);
    await desk.tells(/^GB takes no strangers until /);
    await desk.figure('Refused by limits and budgets', String(refused));
    await desk
      .row('Codes not entered', 'GB')
      .getByText(/^closed until /)
      .waitFor();
    await desk.page.getByRole('radio', { name: 'country' }).check();
    await desk.plotted('Refused by limits and budgets', `GB: ${refused}`);
    await desk.plotted('Handed to vendors', `GB: ${STRANGERS - refused}`);
    expect(await desk.visit.inspect('dashboard-pumping')).toEqual([]);
  });

  it('shows the audit log as it grows, until it is paused', async () => {
    const person = new Person(system, numberIn('DE', 303, 1));
    const fails = () => desk.row('Audit log', 'authn_login_fail').count();
    const fail = async () => expect((await person.login({ password: 'not-the-password-41' })).status).toBe(401);
    desk = await Desk.opened(system, browser);
    await desk.view('Audit');
    await desk.row('Audit log', 'user_created').first().waitFor();
    expect(await fails()).toBe(0);
    await fail();
    await desk.row('Audit log', 'authn_login_fail').waitFor();
    expect(await desk.visit.inspect('dashboard-audit')).toEqual([]);
    await desk.button('Pause').click();
    await desk.tells(/^Paused/);
    await fail();
    await desk.page.waitForTimeout(PAUSED_MILLISECONDS);
    expect(await fails()).toBe(1);
    await desk.button('Pause').click();
    await desk.row('Audit log', 'authn_login_fail').nth(1).waitFor();
  });

  it('goes back to older events page by page, by keyboard, while new ones come in, and returns to the newest', async () => {
    await system.database.query(
      `INSERT INTO audit_log (at, event, reason) SELECT now() - interval '1 hour' - make_interval(secs => n), 'authz_fail', n::text FROM generate_series(1, 450) n ORDER BY n DESC`,
    );
    desk = await Desk.opened(system, browser);
    const reasons = () => desk.row('Audit log', 'authz_fail').locator('td:nth-child(5)').allTextContents();
    const press = async (name: string) => {
      await desk.tabTo(desk.button(name));
      await desk.page.keyboard.press('Enter');
    };
    const at = async (page: number) => {
      await desk.page.locator('p:focus', { hasText: `Older events, page ${page}` }).waitFor();
      await desk.row('Audit log', 'authz_fail').first().waitFor();
    };
    await desk.view('Audit');
    await desk.field('Only events called').fill('authz_fail');
    await desk.row('Audit log', 'authz_fail').nth(199).waitFor();
    const seen = await reasons();
    await press('Older events');
    await at(2);
    expect(await desk.visit.inspect('dashboard-audit-older')).toEqual([]);
    await system.database.query(`INSERT INTO audit_log (at, event, reason) VALUES (now(), 'authz_fail', 'new')`);
    seen.push(...(await reasons()));
    await press('Older events');
    await at(3);
    seen.push(...(await reasons()));
    expect(seen).toEqual(Array.from({ length: 450 }, (_, n) => String(n + 1)));
    expect(await desk.button('Older events').count()).toBe(0);
    await press('Newer events');
    await at(2);
    await press('Newer events');
    await desk.row('Audit log', 'authz_fail').getByText('new', { exact: true }).waitFor();
    expect(await desk.button('Newer events').count()).toBe(0);
  });

  it('finds an account by its number and disables it, by keyboard, with a reason; it signs in again when it is enabled', async () => {
    const person = new Person(system, numberIn('DE', 304, 1));
    const { accessToken, user } = await person.joined();
    const me = () => system.api.get('/v1/users/me', { token: accessToken });
    desk = await Desk.opened(system, browser);
    const { keyboard } = desk.page;
    await desk.tabTo(desk.page.getByRole('link', { name: 'Accounts' }));
    await keyboard.press('Enter');
    await desk.heading('Accounts');
    const sought = desk.field('Number, e-mail address or id');
    await desk.tabTo(sought);
    await keyboard.type('+49 1511 9999999');
    await keyboard.press('Enter');
    await desk.tells('There is no such account.');
    await sought.fill('');
    await keyboard.type(person.phone);
    await keyboard.press('Enter');
    await desk.figure('Status', 'active');
    await desk.tabTo(desk.button('Disable'));
    await keyboard.press('Enter');
    const dialog = desk.page.getByRole('dialog', { name: 'Disable?' });
    await dialog.waitFor();
    expect(await desk.visit.inspect('dashboard-act')).toEqual([]);
    expect((await me()).status).toBe(200);
    await desk.tabTo(dialog.getByRole('textbox', { name: 'Reason' }));
    await keyboard.type('ticket 4711');
    await keyboard.press('Enter');
    await desk.tells('The account is disabled.');
    await desk.figure('Status', 'disabled');
    expect((await me()).status).toBe(401);
    expect((await person.login()).status).toBe(401);
    await desk
      .row('Audit log', 'account_disabled')
      .getByText(/reason: ticket 4711, operator: Ada|operator: Ada/)
      .waitFor();
    expect(await desk.visit.inspect('dashboard-account')).toEqual([]);
    const { rows } = await system.database.query(
      `SELECT meta FROM audit_log WHERE event = 'account_disabled' AND user_id = $1`,
      [user['id']],
    );
    expect(rows).toEqual([{ meta: { by: 'client:development-admin', reason: 'ticket 4711', operator: 'Ada' } }]);
    await desk.button('Enable').click();
    const enable = desk.page.getByRole('dialog').getByRole('button', { name: 'Enable' });
    const longest = '\u{1f511}'.repeat(500);
    await desk.field('Reason').fill(`${longest}.`);
    await enable.click();
    await desk.tells(/reason: /, desk.page.getByRole('dialog'));
    await desk.field('Reason').fill(longest);
    await enable.click();
    await desk.figure('Status', 'active');
    await person.again();
  });

  it('forces a new password, ends sessions, starts a reset and moves an account to another number', async () => {
    const person = new Person(system, numberIn('DE', 305, 1));
    const { accessToken } = await person.joined();
    desk = await Desk.opened(system, browser);
    await desk.view('Accounts');
    await desk.field('Number, e-mail address or id').fill(person.phone);
    await desk.button('Find').click();
    const act = async (name: string, phone?: string) => {
      await desk.button(name).click();
      const dialog = desk.page.getByRole('dialog');
      if (phone !== undefined) await dialog.getByRole('textbox', { name: 'New number' }).fill(phone);
      await dialog.getByRole('textbox', { name: 'Reason' }).fill('asked for by its owner');
      await dialog.getByRole('button', { name, exact: true }).click();
    };
    await desk.page.getByRole('group', { name: 'Sessions' }).waitFor();
    await act('End all sessions');
    await desk.tells('All sessions have ended.');
    expect((await system.api.get('/v1/users/me', { token: accessToken })).status).toBe(401);
    const before = await system.phone.newest(person.phone);
    await act('Start a password reset');
    await desk.tells('A code is on its way to the phone.');
    await system.phone.messageFor(person.phone, { after: before });
    await act('Force a new password');
    await desk.figure('Password', 'must be changed');
    await act('Move to another number', 'not a number');
    await desk.page.getByRole('dialog').getByRole('alert').waitFor();
    await desk.page.keyboard.press('Escape');
    await act('Move to another number', numberIn('DE', 306, 1));
    await desk.figure('Move to another number', /^needs_code/);
    await act('Cancel the move');
    await desk.figure('Move to another number', /^cancelled/);
  });
});
