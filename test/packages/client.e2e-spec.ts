// @latchkey/client against a running system: what a person does, and fetch for other APIs.
import { LatchkeyClient, LatchkeyError, memoryStorage } from '@latchkey/client';
import { noticed } from '../support/credentials';
import { startSystem, type System } from '../support/instance';
import { PASSWORD, phoneNumbers, wrongCodes } from '../support/person';
import { clientOf, codeOf, joins, sessionText, signedInAt, Wire } from './support/people';

const nextPhone = phoneNumbers();
let system: System;

beforeAll(async () => {
  system = await startSystem({
    env: { LIMIT_UNAUTHENTICATED: 'off', LIMIT_SESSION: 'off', LIMIT_REFRESH_FAMILY: 'off', LIMIT_STATUS: 'off' },
  });
});
afterAll(() => system.stop());

const signedIn = () => signedInAt(system, nextPhone());

/** Id of the notice that the password was changed, once it is there. */
async function noticeTo(phone: string): Promise<string> {
  await noticed(system, phone, /password was changed/);
  return (await system.phone.newest(phone)) ?? '';
}

describe('what a person does', () => {
  it('registers, enters the code, sees themselves and their sessions, and logs out', async () => {
    const storage = memoryStorage();
    const client = clientOf(system, { storage, deviceName: 'Pixel 9' });
    const phone = nextPhone();
    const challenge = await client.register({ phone, password: PASSWORD, displayName: 'Ada' });
    expect(challenge).toMatchObject({ purpose: 'register', codeLength: 6, attemptsLeft: 5 });
    const { challengeToken } = challenge;
    const code = await system.phone.codeFor(phone);
    expect((await client.status(challengeToken)).state).toBe('pending');
    expect((await client.verify({ challengeToken, code })).displayName).toBe('Ada');
    expect((await client.me()).displayName).toBe('Ada');
    expect(await client.sessions()).toMatchObject([{ current: true, deviceName: 'Pixel 9' }]);
    await client.logout();
    expect(await storage.load()).toBeNull();
    expect(await codeOf(client.me())).toBe('signed_out');
  });

  it.each([
    ['body', 'omit'],
    ['cookie', 'include'],
  ] as const)(
    'sends and takes cookies in cookie mode only: with delivery %s credentials are %s',
    async (delivery, how) => {
      const seen: unknown[] = [];
      const watched = ((input: string, init: RequestInit = {}) => {
        seen.push(init.credentials);
        return fetch(input, init);
      }) as typeof fetch;
      const client = clientOf(system, { delivery, fetch: watched });
      await joins(client, system, nextPhone());
      await client.me();
      expect(seen).toEqual([how, how, how]);
      client.close();
    },
  );

  it('logs in by password and code, on several devices, and ends one, the others, or all of them', async () => {
    const phone = nextPhone();
    const devices = ['phone', 'tablet', 'laptop'].map((deviceName) => clientOf(system, { deviceName }));
    const [first, second, third] = devices as [LatchkeyClient, LatchkeyClient, LatchkeyClient];
    await joins(first, system, phone);
    for (const device of [second, third]) {
      const after = await system.phone.newest(phone);
      const step = await device.login({ identifier: phone, password: PASSWORD });
      if (step.next !== 'code') throw new Error('a code is needed');
      const { challengeToken } = step.challenge;
      await device.verify({ challengeToken, code: await system.phone.codeFor(phone, { after }) });
    }
    const names = async () => (await first.sessions()).map(({ deviceName }) => deviceName).sort();
    expect(await names()).toEqual(['laptop', 'phone', 'tablet']);
    const tablet = (await first.sessions()).find(({ deviceName }) => deviceName === 'tablet');
    await first.endSession(tablet?.id ?? '');
    expect(await codeOf(second.me())).toBe('signed_out');
    expect(await codeOf(first.endSession(tablet?.id ?? ''))).toBe('not_found');
    await first.endOtherSessions();
    expect(await names()).toEqual(['phone']);
    expect(await codeOf(third.me())).toBe('signed_out');
    await first.logoutEverywhere();
    expect(await codeOf(first.me())).toBe('signed_out');
  });

  it('proves themselves again, changes the password, forgets it and resets it', async () => {
    const phone = nextPhone();
    const storage = memoryStorage();
    const wire = new Wire();
    const client = clientOf(system, { storage, fetch: wire.fetch });
    await joins(client, system, phone);
    const { refreshToken } = await sessionText(storage);
    const changed = { currentPassword: PASSWORD, newPassword: 'meadow-quartz-77-ember' };
    system.clock.advance(601);
    expect(await codeOf(client.changePassword(changed))).toBe('step_up_required');
    const after = await system.phone.newest(phone);
    expect(await codeOf(client.stepUp('not it at all'))).toBe('credentials_invalid');
    expect(wire.statuses('/v1/auth/step-up')).toEqual([401]);
    const { challengeToken } = await client.stepUp(PASSWORD);
    const renewed = (await sessionText(storage)).refreshToken;
    await client.verify({ challengeToken, code: await system.phone.codeFor(phone, { after }) });
    expect((await sessionText(storage)).refreshToken).toBe(renewed);
    expect(renewed).not.toBe(refreshToken);
    await client.changePassword(changed);
    expect((await client.me()).id).toBeDefined();

    const before = await noticeTo(phone);
    const forgotten = await client.forgotPassword(phone);
    expect(forgotten).toMatchObject({ purpose: 'reset', destination: `+1******${phone.slice(-4)}` });
    const code = await system.phone.codeFor(phone, { after: before });
    await client.resetPassword({ challengeToken: forgotten.challengeToken, code, newPassword: PASSWORD });
    expect(await codeOf(client.me())).toBe('signed_out');
    expect((await client.login({ identifier: phone, password: PASSWORD })).next).toBe('code');
  });

  it('changes what it says of itself, sees its number in full, and leaves for good', async () => {
    const { client, storage } = await signedIn();
    const phone = (await client.meWithPhone()).phone ?? '';
    expect(phone).toMatch(/^\+1415\d{7}$/);
    expect((await client.updateMe({ displayName: 'Ada', locale: 'de' })).displayName).toBe('Ada');
    expect(await client.updateMe({ displayName: null })).toMatchObject({ displayName: null, locale: 'de' });
    system.clock.advance(601);
    expect(await codeOf(client.deleteAccount())).toBe('step_up_required');
    expect(await codeOf(client.meWithPhone())).toBe('step_up_required');
    const after = await system.phone.newest(phone);
    const { challengeToken } = await client.stepUp(PASSWORD);
    await client.verify({ challengeToken, code: await system.phone.codeFor(phone, { after }) });
    expect((await client.exportAccount())['accounts']).toMatchObject([{ phone, locale: 'de' }]);
    await client.deleteAccount();
    expect(await storage.load()).toBeNull();
    expect(await codeOf(client.me())).toBe('signed_out');
    expect(await codeOf(client.login({ identifier: phone, password: PASSWORD }))).toBe('credentials_invalid');
  });

  it('is told what is wrong by one class: code, status, attempts left, fields, time to wait', async () => {
    const client = clientOf(system);
    const phone = nextPhone();
    const refused = async (work: Promise<unknown>) => {
      const error: unknown = await work.catch((thrown: unknown) => thrown);
      if (!(error instanceof LatchkeyError)) throw new Error('not refused');
      return error;
    };
    expect(await refused(client.register({ phone, password: 'short' }))).toMatchObject({
      code: 'password_too_short',
      status: 422,
    });
    const { challengeToken } = await client.register({ phone, password: PASSWORD });
    const wrong = wrongCodes(await system.phone.codeFor(phone), 1)[0] ?? '';
    const first = await refused(client.verify({ challengeToken, code: wrong }));
    expect(first).toMatchObject({ code: 'code_invalid', status: 401, attemptsLeft: 4 });
    expect(first.requestId).toMatch(/^[0-9a-f-]{36}$/);
    const early = await refused(client.resend({ challengeToken }));
    expect(early.code).toBe('rate_limited');
    expect(early.retryAfter).toBeGreaterThan(0);
    const invalid = await refused(client.verify({ challengeToken, code: 'x' }));
    expect(invalid).toMatchObject({ code: 'validation_failed', errors: [{ pointer: '/code' }] });
    const unknown = await refused(client.login({ identifier: phone, password: PASSWORD }));
    expect(unknown).toMatchObject({ code: 'credentials_invalid', status: 401 });
    expect(unknown.retryAfter).toBeUndefined();
  });
});

describe('fetch', () => {
  it('sends the token, renews once after 401s, and keeps method, headers and body', async () => {
    const { wire, storage } = await signedIn();
    const seen: string[] = [];
    const tokens = new Set<string>();
    wire.between = (path, send) => (path === '/things' ? Promise.resolve(api()) : send());
    const original = wire.fetch;
    const api = () => {
      const [init] = inits.slice(-1);
      const headers = new Headers(init?.headers);
      tokens.add(headers.get('authorization') ?? '');
      seen.push(`${init?.method} ${headers.get('x-mine')} ${init?.body as string}`);
      return new Response('{}', { status: tokens.size > 1 ? 200 : 401 });
    };
    const inits: RequestInit[] = [];
    const recording = ((input: string, init: RequestInit) => {
      inits.push(init);
      return original(input, init);
    }) as typeof fetch;
    const other = clientOf(system, { fetch: recording, storage });
    const post = () =>
      other.fetch('https://api.example/things', { method: 'POST', headers: { 'x-mine': 'yes' }, body: 'b' });
    expect((await post()).status).toBe(200);
    expect(seen).toEqual(['POST yes b', 'POST yes b']);
    expect(wire.refreshes()).toBe(1);
  });

  it('does not renew when the API wants the person to sign in again (RFC 9470), nor when nobody is signed in', async () => {
    const { client, wire } = await signedIn();
    const challenge = 'Bearer error="insufficient_user_authentication", max_age="600"';
    wire.between = (path, send) =>
      path === '/transfer'
        ? Promise.resolve(new Response('{}', { status: 401, headers: { 'www-authenticate': challenge } }))
        : send();
    expect((await client.fetch('https://api.example/transfer')).status).toBe(401);
    expect(wire.refreshes()).toBe(0);
    expect(await codeOf(clientOf(system).fetch('https://api.example/transfer'))).toBe('signed_out');
  });
});
