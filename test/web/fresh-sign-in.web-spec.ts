// The dialog that asks for a fresh sign-in: one question for all that wait for it, put to whoever is signed in.
import type { Browser } from 'playwright-core';
import { signUp } from '../support/accounts';
import { startSystem, type System } from '../support/instance';
import { describeWithBrowser, openBrowser } from './support/chromium';
import { PASSWORD, Walk } from './support/walk';

const STALE_SECONDS = 11 * 60;

describeWithBrowser('a fresh sign-in', () => {
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
    phone = `+491511440000${tests}`;
    await signUp(system, phone, PASSWORD);
    walk = await Walk.begin(system, browser, { locale: 'en-US', scheme: 'light', size: 'desktop' });
    await walk.signIn(phone);
  });
  afterEach(() => walk.end());
  afterAll(async () => {
    await browser?.close();
    await system?.stop();
  });

  const dialog = () => walk.page.getByRole('dialog');

  /** Asks for a new set of recovery codes and for a key for an app, at once; both are refused. */
  async function askForBoth(): Promise<void> {
    await walk.open('/account/security', 'title.security');
    await walk.tells('codes.left', { count: 0 });
    await walk.tells('devices.none');
    system.clock.advance(STALE_SECONDS);
    const refusals = Promise.all(
      ['recovery-codes', 'totp'].map((what) =>
        walk.page.waitForResponse((answer) => answer.url().includes(what) && answer.status() === 403),
      ),
    );
    const keys = JSON.stringify([walk.t('codes.make'), walk.t('totp.add')]);
    await walk.page.evaluate(
      `[...document.querySelectorAll('button')].filter((button) => ${keys}.includes(button.innerText)).forEach((button) => button.click())`,
    );
    await refusals;
    await dialog().waitFor();
  }

  async function answer(who: string): Promise<void> {
    const after = await system.phone.newest(who);
    await dialog().locator('input[type=password]').fill(PASSWORD);
    await walk.press('continue', dialog());
    await dialog()
      .locator('input.code')
      .fill(await system.phone.codeFor(who, { after }));
    await walk.press('continue', dialog());
  }

  it('is asked for once by two things at a time, and both go on', async () => {
    await askForBoth();
    await answer(phone);
    await walk.tells('codes.once');
    await walk.page.getByRole('img', { name: walk.t('totp.qr') }).waitFor();
    await dialog().waitFor({ state: 'detached' });
  });

  it('is declined once for both, and each may be asked for again', async () => {
    await askForBoth();
    await walk.press('cancel', dialog());
    await dialog().waitFor({ state: 'detached' });
    for (const what of ['totp.add', 'codes.make']) {
      await walk.press(what);
      await dialog().waitFor();
      await walk.press('cancel', dialog());
      await dialog().waitFor({ state: 'detached' });
    }
  });

  /** In another tab, after whoever is signed in has signed out there. */
  async function signsIn(who: string): Promise<void> {
    const beside = await walk.beside();
    await beside.open('/account', 'title.account');
    await beside.press('nav.logout');
    await walk.arrivedAt('title.login');
    await beside.signIn(who);
    await walk.arrivedAt('title.account');
  }

  async function otherSignsIn(): Promise<string> {
    const other = `+491511440009${tests}`;
    await signUp(system, other, PASSWORD);
    await signsIn(other);
    return other;
  }

  async function isAskedAnew(who: string): Promise<void> {
    expect(await dialog().count()).toBe(0);
    await walk.page.getByRole('link', { name: walk.t('title.security'), exact: true }).click();
    await walk.arrivedAt('title.security');
    system.clock.advance(STALE_SECONDS);
    await walk.press('codes.make');
    await answer(who);
    await walk.tells('codes.once');
  }

  it('that the person before has left open is put to nobody else, who is asked anew', async () => {
    await askForBoth();
    await isAskedAnew(await otherSignsIn());
  });

  it('that the person before was to be asked for, when the refusal comes late, is put to nobody else either', async () => {
    await walk.open('/account/security', 'title.security');
    system.clock.advance(STALE_SECONDS);
    let release = (): void => {};
    const isReleased = new Promise<void>((resolve) => (release = resolve));
    const isRefused = new Promise<void>((resolve) => {
      void walk.page.route('**/v1/users/me/totp', async (route) => {
        const response = await route.fetch();
        if (response.status() === 403) {
          resolve();
          await isReleased;
        }
        await route.fulfill({ response });
      });
    });
    await walk.press('totp.add');
    await isRefused;
    const other = await otherSignsIn();
    const arrived = walk.page.waitForResponse('**/v1/users/me/totp');
    release();
    await arrived;
    await isAskedAnew(other);
  });

  it('that somebody has left open is gone when the same person signs in again', async () => {
    await askForBoth();
    await signsIn(phone);
    expect(await dialog().count()).toBe(0);
  });
});
