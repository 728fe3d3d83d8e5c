// The life of a challenge after it was sent: resends, what status tells, and which challenge ends which (design section 2).
import { aNumber, aString } from '../support/expected';
import { startSystem, type System } from '../support/instance';
import { Person, phoneNumbers, wrongCodes } from '../support/person';
import { clearFault, setFault } from '../support/simulator-control';

describe('resend, status and supersession', () => {
  const nextPhone = phoneNumbers();
  let system: System;

  beforeAll(async () => {
    system = await startSystem();
  });

  afterAll(() => system.stop());

  const someone = () => new Person(system, nextPhone());

  async function joined(): Promise<Person> {
    const person = someone();
    await person.joined();
    return person;
  }

  const sentTo = async (person: Person) => (await system.phone.messages(person.phone)).length;

  it.each(['register', 'login'] as const)(
    'A22: a %s code is sent at 0, 30, 90 and 210 s, each time the same one, and its time is not extended',
    async (route) => {
      const person = route === 'login' ? await joined() : someone();
      const before = await sentTo(person);
      const { token, code } = await person.challenged(route);
      const { expiresAt, resendAfter } = await person.status(token);
      expect(30 - Number(resendAfter)).toBeLessThan(5); // its seconds run
      let sends = 1;
      for (const wait of [30, 60, 120]) {
        const early = await person.resend(token);
        expect([early.status, early.body.code]).toEqual([429, 'rate_limited']);
        const retryAfter = Number(early.headers.get('retry-after'));
        expect(retryAfter).toBeGreaterThan(wait - 5);
        expect(retryAfter).toBeLessThanOrEqual(wait);
        system.clock.advance(wait - 4);
        expect((await person.resend(token)).status).toBe(429);
        expect(await sentTo(person)).toBe(before + sends);

        system.clock.advance(4);
        const after = await system.phone.newest(person.phone);
        const resent = await person.resend(token);
        expect(resent.status).toBe(202);
        sends += 1;
        const next = { 30: 60, 60: 120, 120: null }[wait];
        expect(resent.body).toMatchObject({ challengeToken: token, expiresAt, resendAfter: next, attemptsLeft: 5 });
        expect(await person.codeOf(token, after)).toBe(code);
      }

      const fifth = await person.resend(token);
      expect([fifth.status, fifth.body.code]).toEqual([429, 'rate_limited']);
      expect(Number(fifth.headers.get('retry-after'))).toBeGreaterThan(80);
      expect((await person.status(token)).next).toEqual(['verify', 'wait']);
      expect(await sentTo(person)).toBe(before + 4);
      expect((await person.verify(token, code)).status).toBe(200);
    },
  );

  it('A22: nothing is sent for a challenge that is locked, expired, used or superseded', async () => {
    const person = await joined();
    const superseded = await person.challenged('login');
    system.clock.advance(31);
    const locked = await person.challenged('login');
    for (const wrong of wrongCodes(locked.code, 5)) await person.verify(locked.token, wrong);
    system.clock.advance(31);
    const messages = await sentTo(person);
    const refused = await person.resend(locked.token);
    expect([refused.status, refused.body.code]).toEqual([429, 'challenge_locked']);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(200);
    expect((await person.resend(superseded.token)).body.code).toBe('code_expired');
    expect(await sentTo(person)).toBe(messages);

    const used = await person.challenged('login');
    await person.verify(used.token, used.code);
    const expired = await person.challenged('login');
    system.clock.advance(301);
    for (const { token } of [used, expired]) {
      const { status, body } = await person.resend(token);
      expect([status, body.code]).toEqual([401, 'code_expired']);
    }
    expect(await sentTo(person)).toBe(messages + 2);
  });

  it('refuses a channel that the vendor does not have, without using up a send', async () => {
    const person = someone();
    const { token } = await person.challenged('register');
    system.clock.advance(30);
    const voice = await person.resend(token, 'voice');
    expect([voice.status, voice.body.code]).toEqual([422, 'channel_not_supported']);
    expect((await person.resend(token, 'pigeon')).body.code).toBe('validation_failed');
    expect((await person.resend(token, 'sms')).status).toBe(202);
  });

  describe('status', () => {
    it('runs from queued to sent, and tells what can be done next', async () => {
      const person = someone();
      await setFault(system, 'telnyx', { kind: 'delay', ms: 300 });
      const { body } = await person.register();
      const queued = await person.status(body.challengeToken);
      expect(queued).toMatchObject({ ...body, resendAfter: aNumber, state: 'pending', delivery: 'queued' });
      expect(queued.next).toEqual(['verify', 'wait']);
      const sent = await person.statusWhen(body.challengeToken, ({ delivery }) => delivery !== 'queued');
      await clearFault(system, 'telnyx');
      expect(sent).toMatchObject({ delivery: 'sent', deliveryUpdatedAt: aString, next: ['verify', 'wait'] });
      system.clock.advance(30);
      expect(await person.status(body.challengeToken)).toMatchObject({
        resendAfter: 0,
        next: ['verify', 'resend_sms'],
      });
    });

    it('is verified after the right code', async () => {
      const person = someone();
      const { token, code } = await person.challenged('register');
      await person.verify(token, code);
      expect(await person.status(token)).toMatchObject({ state: 'verified', next: [] });
    });

    it('is locked after the fifth wrong code, and expired after that', async () => {
      const person = someone();
      const { token, code } = await person.challenged('register');
      for (const wrong of wrongCodes(code, 5)) await person.verify(token, wrong);
      expect(await person.status(token)).toMatchObject({ state: 'locked', attemptsLeft: 0, next: ['restart'] });
      system.clock.advance(301);
      expect(await person.status(token)).toMatchObject({ state: 'expired', next: ['restart'] });
    });

    it('is superseded after a newer login', async () => {
      const person = await joined();
      const { token } = await person.challenged('login');
      system.clock.advance(31);
      await person.challenged('login');
      expect(await person.status(token)).toMatchObject({ state: 'superseded', next: ['restart'] });
    });

    it('is token_invalid for what is no challenge', async () => {
      for (const challengeToken of ['x', `rg6_k1_${'A'.repeat(43)}`]) {
        const { status, body } = await system.api.post('/v1/auth/otp/status', { challengeToken });
        expect([status, body['code']]).toEqual([401, 'token_invalid']);
      }
    });
  });

  describe('supersession', () => {
    it('a newer login ends the older one once its send is queued', async () => {
      const person = await joined();
      const older = await person.challenged('login');
      system.clock.advance(31);
      const newer = await person.challenged('login');
      expect(newer.code).not.toBe(older.code);
      const refused = await person.verify(older.token, older.code);
      expect([refused.status, refused.body.code]).toEqual([401, 'code_expired']);
      expect((await person.verify(newer.token, newer.code)).status).toBe(200);
    });

    it('a refused login leaves the older one intact, and charges nothing', async () => {
      const person = await joined();
      const { token, code } = await person.challenged('login');
      const messages = await sentTo(person);
      const counters = async () =>
        (await system.database.query<object>('SELECT key, hits FROM rate_limits ORDER BY key')).rows;
      const before = await counters();
      for (let attempt = 0; attempt < 3; attempt += 1) {
        const refused = await person.login();
        expect([refused.status, refused.body.code]).toEqual([429, 'rate_limited']);
        const retryAfter = Number(refused.headers.get('retry-after'));
        expect(retryAfter).toBeGreaterThan(0);
        expect(retryAfter).toBeLessThanOrEqual(30);
      }
      expect(await counters()).toEqual(before);
      expect((await person.login({ password: 'not-the-password-1' })).status).toBe(401);
      expect(await person.status(token)).toMatchObject({ state: 'pending' });
      expect((await person.verify(token, code)).status).toBe(200);
      expect(await sentTo(person)).toBe(messages);
    });

    it('after a verified code the next login may be sent at once', async () => {
      const person = await joined();
      for (let round = 0; round < 3; round += 1) {
        const { token, code } = await person.challenged('login');
        expect((await person.verify(token, code)).status).toBe(200);
      }
    });

    it('a login does not end a registration of the same number, nor the other way round', async () => {
      const person = await joined();
      const stranger = new Person(system, person.phone, 'another-password-77');
      const earlier = (await stranger.register()).body.challengeToken;
      await stranger.statusWhen(earlier, ({ delivery }) => delivery === 'sent');
      const login = await person.challenged('login');
      expect((await stranger.register()).status).toBe(202);
      expect((await stranger.status(earlier)).state).toBe('pending');
      expect((await person.verify(login.token, login.code)).status).toBe(200);
    });

    it('anonymous challenges of one number coexist, and failures of one do not end the other', async () => {
      const first = someone();
      const second = new Person(system, first.phone, 'another-password-77');
      const one = await first.challenged('register');
      system.clock.advance(31);
      const two = await second.challenged('register');
      expect(two.code).not.toBe(one.code);
      expect((await second.verify(two.token, one.code)).body.code).toBe('code_invalid');
      for (const wrong of wrongCodes(two.code, 4)) await second.verify(two.token, wrong);
      expect((await second.status(two.token)).state).toBe('locked');
      expect(await first.status(one.token)).toMatchObject({ state: 'pending', attemptsLeft: 5 });
      expect((await first.verify(one.token, one.code)).status).toBe(200);
    });

    it('a second registration within 30 s of the first is answered alike, and its own code comes 30 s after', async () => {
      const first = someone();
      const second = new Person(system, first.phone, 'another-password-77');
      const one = await first.challenged('register');
      const after = await system.phone.newest(first.phone);
      const answer = await second.register();
      expect(answer.status).toBe(202);
      const { challengeToken } = answer.body;
      const waiting = await system.database.query<{ seconds: number }>(
        `SELECT extract(epoch FROM j.run_at - now())::float8 AS seconds FROM graphile_worker._private_jobs j
           JOIN otp_attempts c ON j.payload->>'id' = c.id::text WHERE c.phone = $1`,
        [first.phone],
      );
      expect(waiting.rows[0]?.seconds).toBeGreaterThan(20);
      expect(waiting.rows[0]?.seconds).toBeLessThan(31);
      expect(await second.status(challengeToken)).toMatchObject({ state: 'pending', delivery: 'queued' });

      // The queue runs on the database's clock, which no test moves: its waiting is cut short instead.
      system.clock.advance(31);
      await system.database.query(`UPDATE graphile_worker._private_jobs SET run_at = now()`);
      const code = await second.codeOf(challengeToken, after);
      expect((await first.verify(one.token, one.code)).status).toBe(200);
      const taken = await second.verify(challengeToken, code);
      expect([taken.status, taken.body.code, taken.body.errors]).toEqual([
        409,
        'conflict',
        [{ pointer: '/phone', code: 'taken' }],
      ]);
      expect((await second.status(challengeToken)).state).toBe('verified');
      expect((await second.verify(challengeToken, code)).body.code).toBe('code_expired');
      expect((await second.login()).status).toBe(401);
      expect((await first.login()).status).toBe(200);
    });
  });
});
