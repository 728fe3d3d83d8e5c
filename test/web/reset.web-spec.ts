// A forgotten password of an account with an authenticator app, recovery codes and a proved address: all that it has is asked for.
import type { Browser } from 'playwright-core';
import { recoveryCodes } from '../support/factors';
import { startSystem, type System } from '../support/instance';
import { Person } from '../support/person';
import { AuthenticatorApp } from '../support/totp';
import { describeWithBrowser, openBrowser } from './support/chromium';
import { looks, PASSWORD, Walk } from './support/walk';

describeWithBrowser.each(looks.map((look, index) => ({ ...look, index })))('a reset, $locale', ({ index, ...look }) => {
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

  it('asks for the code by e-mail and for one of app and recovery codes as well, and is done with them', async () => {
    const person = new Person(system, `+491511550000${index}`);
    const address = `owner${index}@example.com`;
    const { accessToken: token } = await person.joined();
    const begun = await system.api.post<{ challengeToken: string }>(
      '/v1/users/me/email',
      { email: address },
      { token },
    );
    const proof = { challengeToken: begun.body.challengeToken, code: await system.mailbox.codeFor(address) };
    expect((await system.api.post('/v1/users/me/email/confirm', proof, { token })).status).toBe(200);
    const { accessToken } = await person.again();
    const [recovery = ''] = await recoveryCodes(person, accessToken);
    const app = await AuthenticatorApp.enrolled(person, accessToken);
    system.clock.advance(120);

    const [afterSms, afterMail] = [await system.phone.newest(person.phone), await system.mailbox.newest(address)];
    await walk.open('/forgot', 'title.forgot');
    await walk.press('email.use');
    await walk.fill('email', address);
    await walk.press('continue');
    await walk.arrivedAt('title.reset');
    await walk.fill('code', await system.phone.codeFor(person.phone, { after: afterSms }));
    await walk.fill('password.new', `${PASSWORD}-new`);
    await walk.press('password.change');
    await walk.refusedBy('error.second_factor_required');
    await walk.tells('reset.more');
    expect(await walk.visit.inspect('reset-factors')).toEqual([]);
    const mailed = await system.mailbox.codeFor(address, afterMail);
    await walk.fill('emailCode', `Shop 2024: ${mailed}`); // pasted, with digits of the app's name
    expect(await walk.field('emailCode').inputValue()).toBe(mailed);
    await walk.fill('totpCode', app.wrong());
    await walk.press('use.recovery');
    await walk.fill('recovery', recovery);
    await walk.press('password.change');
    await walk.arrivedAt('title.login');
    await walk.tells('reset.done');
  });
});
