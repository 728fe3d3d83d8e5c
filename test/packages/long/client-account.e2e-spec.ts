// @latchkey/client: what a person changes of their account, and a device they trust.
import { memoryStorage } from '@latchkey/client';
import { startSystem, type System } from '../../support/instance';
import { Operator } from '../../support/operator';
import { PASSWORD, Person, phoneNumbers } from '../../support/person';
import { beginRebind, WAIT_SECONDS } from '../../support/rebinds';
import { AuthenticatorApp } from '../../support/totp';
import { clientOf, joins } from '../support/people';

const nextPhone = phoneNumbers();
let system: System;

beforeAll(async () => {
  system = await startSystem({ env: { LIMIT_UNAUTHENTICATED: 'off', LIMIT_SMS_DESTINATION: 'off' } });
});
afterAll(() => system.stop());

async function codeTo(phone: string, ask: () => Promise<{ challengeToken: string }>) {
  const after = await system.phone.newest(phone);
  const { challengeToken } = await ask();
  return { challengeToken, code: await system.phone.codeFor(phone, { after }) };
}

it('adds an authenticator app and recovery codes, resets the password with one, and removes the app', async () => {
  const client = clientOf(system);
  const phone = nextPhone();
  await joins(client, system, phone);
  const { secret } = await client.enrolTotp();
  const app = new AuthenticatorApp(new Person(system, phone), secret);
  await client.confirmTotp(app.code());
  const codes = await client.makeRecoveryCodes();
  expect([codes.length, await client.recoveryCodesLeft()]).toEqual([10, 10]);

  const reset = { ...(await codeTo(phone, () => client.forgotPassword(phone))), newPassword: 'meadow-quartz-77-ember' };
  await expect(client.resetPassword(reset)).rejects.toMatchObject({
    code: 'second_factor_required',
    methods: ['totp', 'recovery_code'],
  });
  await client.resetPassword({ ...reset, recoveryCode: codes[0] ?? '' });
  system.clock.advance(30);
  const step = await client.login({ identifier: phone, password: reset.newPassword });
  const challengeToken = step.next === 'code' ? step.challenge.challengeToken : '';
  await client.verify({ challengeToken, code: app.code(), method: 'totp' });
  expect(await client.recoveryCodesLeft()).toBe(9);
  await client.removeTotp();
  expect((await client.me()).secondFactors).toEqual(['sms', 'recovery_code']);
});

it('moves to another number', async () => {
  const client = clientOf(system);
  await joins(client, system, nextPhone());
  const phone = nextPhone();
  const moved = await client.confirmPhone(await codeTo(phone, () => client.changePhone(phone)));
  expect(moved.phone).toBe((await client.me()).phone);
  expect((await client.login({ identifier: phone, password: PASSWORD })).next).toBe('code');
});

it('proves the number to which an operator moves an account whose phone is lost', async () => {
  const client = clientOf(system);
  await joins(client, system, nextPhone());
  const { token: challengeToken, code } = await beginRebind(new Operator(system), (await client.me()).id, nextPhone());
  const { movesAt } = await client.rebindPhone({ challengeToken, code });
  expect(Date.parse(movesAt) - system.clock.now().getTime()).toBeCloseTo(WAIT_SECONDS * 1000, -5);
});

it('needs no code on a device that the person trusts, also after a logout, until it is ended', async () => {
  const [deviceStorage, phone] = [memoryStorage(), nextPhone()];
  const client = clientOf(system, { deviceStorage });
  const challenge = await codeTo(phone, () => client.register({ phone, password: PASSWORD }));
  await client.verify({ ...challenge, trustDevice: true });
  for (let n = 0; n < 2; n += 1) {
    system.clock.advance(60);
    await client.logout();
    expect((await client.login({ identifier: phone, password: PASSWORD })).next).toBe('done');
  }
  const [device, ...more] = await client.trustedDevices();
  expect(more).toEqual([]);
  await client.endTrustedDevice(device?.id ?? '');
  expect((await client.login({ identifier: phone, password: PASSWORD })).next).toBe('code');
});
