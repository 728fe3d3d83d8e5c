// A trusted device needs the password only, until somebody ends it. More of it: long/trusted-devices.e2e-spec.ts; what ends all
// devices: long/credential-events.e2e-spec.ts.
import { claimsOf, kind, stepUp } from '../support/credentials';
import { cameTo, devicesOf, endDevice, loginFrom, withDevice } from '../support/devices';
import { makeRecoveryCodes, recorded } from '../support/factors';
import { startSystem, type System } from '../support/instance';
import { Person, phoneNumbers } from '../support/person';

const nextPhone = phoneNumbers();
let system: System;

beforeAll(async () => {
  system = await startSystem({ env: { LIMIT_SMS_DESTINATION: 'off', JWT_ISSUER: 'https://id.example' } });
});
afterAll(() => system.stop());

it('is trusted when the person says so at a verify, and then its token and the password sign in, one successor after the other', async () => {
  const person = new Person(system, nextPhone());
  const plain = await person.joined();
  expect(plain.trustedDeviceToken).toBeUndefined();
  expect(await devicesOf(system.api, plain.accessToken)).toEqual([]);
  const { token, code } = await person.challenged('login');
  const asked = await person.verify(token, code, { trustDevice: true });
  const first = asked.body.trustedDeviceToken ?? '';
  expect(first).toMatch(/^td_/);

  const wrong = await loginFrom(new Person(system, person.phone, 'not the password'), first);
  expect(cameTo(wrong)).toBe('401 credentials_invalid');
  const second = await loginFrom(person, first);
  expect(cameTo(second)).toBe('tokens');
  expect(second.body.trustedDeviceToken).toMatch(/^td_/);
  expect(second.body.trustedDeviceToken).not.toBe(first);
  expect(claimsOf(second.body)).toMatchObject({ amr: ['pwd', 'td'], acr: 'aal1' });
  expect(cameTo(await loginFrom(person, second.body.trustedDeviceToken ?? ''))).toBe('tokens');
  // Of another kind, however long: passed over.
  for (const none of ['', plain.accessToken]) expect(cameTo(await loginFrom(person, none))).toBe('challenge');
  expect(await recorded(system, person.phone, 'device_trusted')).toBe(1);
  expect(await recorded(system, person.phone, 'authn_login_success')).toBe(3);
});

it('is never good for step-up: its session opens no sensitive route before password and code are entered in it', async () => {
  const person = new Person(system, nextPhone());
  const { device } = await withDevice(person);
  const { accessToken, refreshToken } = (await loginFrom(person, device)).body;
  expect(kind(await makeRecoveryCodes(person, accessToken))).toBe('403 step_up_required');
  const renewed = await system.api.post<{ accessToken: string }>('/v1/auth/token/refresh', { refreshToken });
  expect(claimsOf(renewed.body)).toMatchObject({ amr: ['pwd', 'td'], acr: 'aal1' });
  expect(kind(await makeRecoveryCodes(person, renewed.body.accessToken))).toBe('403 step_up_required');
  const proved = await stepUp(person, accessToken);
  expect(claimsOf(proved.body)).toMatchObject({ amr: ['pwd', 'sms', 'mfa'], acr: 'aal2' });
  expect(kind(await makeRecoveryCodes(person, proved.body.accessToken))).toBe('201');
});

it('A43: is listed for its owner and ended by them, by nobody else', async () => {
  const [person, stranger] = [new Person(system, nextPhone()), new Person(system, nextPhone())];
  const { tokens, device } = await withDevice(person);
  const { accessToken: theirs } = await stranger.joined();
  const [listed, ...more] = await devicesOf(system.api, tokens.accessToken);
  expect(more).toEqual([]);
  expect(listed).toMatchObject({ deviceName: 'Pixel 9' });
  const life = Date.parse(listed?.expiresAt ?? '') - Date.parse(listed?.createdAt ?? '');
  expect(life).toBe(30 * 86_400_000);
  const id = listed?.id ?? '';
  for (const unknown of [id, '019347b2-7c1e-7a3b-8f2d-0123456789ab', 'x']) {
    expect(kind(await endDevice(system.api, theirs, unknown))).toBe('404 not_found');
  }
  expect(await recorded(system, stranger.phone, 'authz_fail')).toBe(3);
  const next = (await loginFrom(person, device)).body.trustedDeviceToken ?? '';
  expect(kind(await endDevice(system.api, tokens.accessToken, id))).toBe('204');
  expect(kind(await endDevice(system.api, tokens.accessToken, id))).toBe('404 not_found');
  expect(await devicesOf(system.api, tokens.accessToken)).toEqual([]);
  expect(cameTo(await loginFrom(person, next))).toBe('challenge');
  expect(await recorded(system, person.phone, 'device_revoked')).toBe(1);
});
