// The token of a trusted device: rotated on use, its old ones told from garbage, good for 30 days, for one person, carried one way
// (A29, A30, A39, A46, A74). Its main path is in test/e2e/trusted-devices.
import { changePassword, kind, noticed } from '../../support/credentials';
import { cameTo, devicesOf, endDevice, loginFrom, withDevice } from '../../support/devices';
import { everyTable } from '../../support/dump';
import { recorded } from '../../support/factors';
import { startSystem, type System } from '../../support/instance';
import { limitsOff } from '../../support/limits';
import { Person, phoneNumbers } from '../../support/person';

const DAY = 86_400;
const OURS = 'https://id.example';
const nextPhone = phoneNumbers();
let system: System;

beforeAll(async () => {
  const env = {
    ...limitsOff('LIMIT_UNAUTHENTICATED', 'LIMIT_SMS_DESTINATION', 'LIMIT_PASSWORD_ADDRESS', 'LIMIT_SESSION'),
    LIMIT_PASSWORD_ACCOUNT: '5/15m',
  };
  system = await startSystem({ env: { ...env, PUBLIC_URL: OURS, JWT_ISSUER: OURS } });
});
afterAll(() => system.stop());

const newPerson = () => new Person(system, nextPhone());
const withPassword = ({ phone }: Person, password: string) => new Person(system, phone, password);
const successorOf = async (person: Person, device: string) =>
  (await loginFrom(person, device)).body.trustedDeviceToken ?? 'none';

describe('rotation', () => {
  it('a token that was just rotated signs in again and gives the same successor, for 10 s', async () => {
    const person = newPerson();
    const { device } = await withDevice(person);
    const first = await loginFrom(person, device);
    system.clock.advance(9);
    const again = await loginFrom(person, device);
    expect([cameTo(first), cameTo(again)]).toEqual(['tokens', 'tokens']);
    expect(again.body.trustedDeviceToken).toBe(first.body.trustedDeviceToken);
    expect(again.body.refreshToken).not.toBe(first.body.refreshToken);
    expect(cameTo(await loginFrom(person, first.body.trustedDeviceToken ?? ''))).toBe('tokens');
  });

  it('A31: later it signs nobody in, ends the device, the successor too, and its owner is told', async () => {
    const person = newPerson();
    const { tokens, device } = await withDevice(person);
    const next = await successorOf(person, device);
    system.clock.advance(10);
    expect(cameTo(await loginFrom(person, device))).toBe('challenge');
    expect(cameTo(await loginFrom(person, next))).toBe('challenge');
    expect(await devicesOf(system.api, tokens.accessToken)).toEqual([]);
    expect(await noticed(system, person.phone, /no longer trusted/)).toMatch(/Not you\?/);
    expect(await recorded(system, person.phone, 'authn_token_reuse')).toBe(1);
  });

  it('A33: the grandparent within the ten seconds is only late: a challenge, and the device stays', async () => {
    const person = newPerson();
    const { device } = await withDevice(person);
    const newest = await successorOf(person, await successorOf(person, device));
    const before = await recorded(system, person.phone, 'authn_login_success');
    expect(cameTo(await loginFrom(person, device))).toBe('challenge');
    expect(await recorded(system, person.phone, 'authn_login_success')).toBe(before);
    expect(cameTo(await loginFrom(person, newest))).toBe('tokens');
  });

  it('a wrong password rotates nothing, and a device of somebody else is passed over', async () => {
    const [person, other] = [newPerson(), newPerson()];
    const [{ device }, theirs] = [await withDevice(person), await withDevice(other)];
    expect(cameTo(await loginFrom(withPassword(person, 'another one'), device))).toBe('401 credentials_invalid');
    expect(cameTo(await loginFrom(person, theirs.device))).toBe('challenge');
    system.clock.advance(60);
    expect([cameTo(await loginFrom(person, device)), cameTo(await loginFrom(other, theirs.device))]).toEqual([
      'tokens',
      'tokens',
    ]);
  });
});

it('security.md 5.2: ends after 30 days, however much it was used', async () => {
  const person = newPerson();
  let { device } = await withDevice(person);
  for (const days of [10, 10, 9]) {
    system.clock.advance(days * DAY);
    device = await successorOf(person, device);
  }
  expect(device).toMatch(/^td_/);
  system.clock.advance(DAY);
  expect(cameTo(await loginFrom(person, device))).toBe('challenge');
});

it('ten at most: an eleventh takes the place of the one unused for longest', async () => {
  const person = newPerson();
  const { tokens, device } = await withDevice(person);
  const devices = [device];
  for (let n = 2; n <= 11; n += 1) {
    system.clock.advance(31);
    if (n === 11) devices[0] = await successorOf(person, device);
    const { token, code } = await person.challenged('login');
    devices.push((await person.verify(token, code, { trustDevice: true })).body.trustedDeviceToken ?? '');
  }
  const { body } = await system.api.post<{ accessToken: string }>('/v1/auth/token/refresh', {
    refreshToken: tokens.refreshToken,
  });
  // The session of the registration is the eleventh of its kind as well.
  const token = body.accessToken ?? (await loginFrom(person, devices[0] ?? '')).body.accessToken;
  expect(await devicesOf(system.api, token)).toHaveLength(10);
  expect(await recorded(system, person.phone, 'device_revoked')).toBe(1);
  expect(cameTo(await loginFrom(person, devices[1] ?? ''))).toBe('challenge');
  expect(cameTo(await loginFrom(person, devices[2] ?? ''))).toBe('tokens');
});

describe('A74: the delay after wrong passwords', () => {
  it('does not hold up a device that is trusted, however often it has signed in, and holds up everybody else', async () => {
    const person = newPerson();
    let { device } = await withDevice(person);
    for (let n = 0; n < 6; n += 1) device = String((await loginFrom(person, device)).body.trustedDeviceToken);
    for (let n = 0; n < 8; n += 1) await withPassword(person, `wrong ${n}`).login();
    expect((await person.login()).status).toBe(401);
    expect(cameTo(await loginFrom(person, device))).toBe('tokens');
    expect((await person.login()).status).toBe(200);
  });

  it('holds up whoever comes with a trusted device of another account', async () => {
    const [person, other] = [newPerson(), newPerson()];
    await person.joined();
    const { device } = await withDevice(other);
    for (let n = 0; n < 10; n += 1) {
      system.clock.advance(15 * 60);
      await withPassword(person, `wrong ${n}`).login();
    }
    expect(cameTo(await loginFrom(person, device))).toBe('401 credentials_invalid');
  });

  it('holds up whoever has stolen the device and tries passwords, after five of them', async () => {
    const person = newPerson();
    const { device } = await withDevice(person);
    for (let n = 0; n < 6; n += 1) await withPassword(person, `wrong ${n}`).login();
    for (let n = 0; n < 5; n += 1) await loginFrom(withPassword(person, `wrong again ${n}`), device);
    expect(cameTo(await loginFrom(person, device))).toBe('401 credentials_invalid');
    system.clock.advance(900);
    const { body } = await loginFrom(person, device);
    expect(body.trustedDeviceToken).toMatch(/^td_/);
  });
});

it('A42: that a change of the password has ended cannot be ended once more', async () => {
  const person = newPerson();
  const { tokens } = await withDevice(person);
  const [listed] = await devicesOf(system.api, tokens.accessToken);
  expect((await changePassword(system.api, tokens.accessToken, person.password)).status).toBe(204);
  expect(kind(await endDevice(system.api, tokens.accessToken, listed?.id ?? ''))).toBe('404 not_found');
  expect(await recorded(system, person.phone, 'device_revoked')).toBe(0);
});

it('A39: of an account that is disabled signs nobody in, and looks like any wrong password', async () => {
  const person = newPerson();
  const { device } = await withDevice(person);
  await person.alter(`status = 'disabled'`);
  expect(cameTo(await loginFrom(person, device))).toBe('401 credentials_invalid');
});

it('A30: no table and no log holds a token; what is no token of a device is passed over', async () => {
  const person = newPerson();
  const { tokens, device } = await withDevice(person);
  const next = await successorOf(person, device);
  const places = [await everyTable(system), system.logs()].join('\n');
  for (const each of [device, next]) {
    expect(places).not.toContain(each);
    expect(places).not.toContain(
      Buffer.from(each.slice(each.indexOf('_', 3) + 1), 'base64url')
        .toString('hex')
        .slice(40, 104),
    );
  }
  const { rows } = await system.database.query<{ hex: string }>(
    `SELECT encode(token_digest, 'hex') AS hex FROM trusted_devices`,
  );
  const flipped = `${next.slice(0, -1)}${next.endsWith('A') ? 'B' : 'A'}`;
  for (const junk of [
    'td_',
    `td_k1_${'A'.repeat(91)}`,
    flipped,
    tokens.refreshToken ?? '',
    rows[0]?.hex ?? '',
    ' ',
    'x'.repeat(5000),
  ]) {
    expect(cameTo(await loginFrom(person, junk))).toBe('challenge');
  }
  expect(kind(await system.api.post('/v1/auth/token/refresh', { refreshToken: next }))).toBe('401 token_invalid');
  expect(kind(await system.api.get('/v1/users/me', { token: next }))).toBe('401 token_type_invalid');
});

describe('cookie mode', () => {
  const headers = { origin: OURS };
  const asPage = (person: Person, cookie: string, from = headers) =>
    system.api.post<{ challengeToken?: string; trustedDeviceToken?: string; code: string }>(
      '/v1/auth/login',
      { identifier: person.phone, password: person.password, tokenDelivery: 'cookie' },
      { headers: { ...from, cookie: `theme=dark; __Host-td=${cookie}` } },
    );
  const deviceCookie = (answer: { headers: Headers }) =>
    answer.headers.getSetCookie().find((line) => line.startsWith('__Host-td=')) ?? '';
  const valueOf = (line: string) => /^__Host-td=([^;]*)/.exec(line)?.[1] ?? '';

  it('A46, A29: the token is in a cookie that is shut in every way and in no body, and is good there only', async () => {
    const person = newPerson();
    const { token, code } = await person.challenged('register', { tokenDelivery: 'cookie' });
    const trusted = await person.verify(token, code, { trustDevice: true });
    const signedIn = await asPage(person, valueOf(deviceCookie(trusted)));
    expect([signedIn.status, signedIn.body.challengeToken]).toEqual([200, undefined]);
    for (const answer of [trusted, signedIn]) {
      const attributes = deviceCookie(answer).split('; ').slice(1).sort();
      expect(attributes[1]).toMatch(/^Max-Age=2[0-9]{6}$/);
      expect(attributes.toSpliced(1, 1)).toEqual(['HttpOnly', 'Path=/', 'SameSite=Strict', 'Secure']);
      expect(answer.headers.getSetCookie().map((line) => line.split('=')[0])).toEqual(['__Host-rt', '__Host-td']);
      expect(answer.text).not.toContain('td_');
    }
    const newest = valueOf(deviceCookie(signedIn));
    expect(cameTo(await loginFrom(person, newest))).toBe('challenge');
    expect(cameTo(await loginFrom(person, newest, { tokenDelivery: 'cookie' }))).toBe('challenge');
    expect((await asPage(person, newest, { origin: 'https://evil.example' })).body.code).toBe('forbidden_origin');
    expect((await asPage(person, newest)).body.challengeToken).toBeUndefined();
  });

  it('a token that came in a body is no cookie', async () => {
    const person = newPerson();
    const { device } = await withDevice(person);
    expect((await asPage(person, device)).body.challengeToken).toBeDefined();
    expect(cameTo(await loginFrom(person, device))).toBe('tokens');
  });
});

it('TRUSTED_DEVICE_DAYS=0: none is trusted, those of before neither', async () => {
  const person = newPerson();
  const { device } = await withDevice(person);
  await system.restart(0, { TRUSTED_DEVICE_DAYS: '0' });
  const again = new Person(system, person.phone);
  expect(cameTo(await loginFrom(again, device))).toBe('challenge');
  expect((await newPerson().joined({}, { trustDevice: true })).trustedDeviceToken).toBeUndefined();
});
