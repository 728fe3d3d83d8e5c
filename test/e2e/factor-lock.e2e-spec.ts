// Wrong codes count for the account, over all its challenges: ten in an hour, twenty in a day, a hundred in a row
// (security.md 5.4, NIST OBV-7 and RL-2). The lock does not show at login, and a stranger's failures are another budget.
import type { ChallengeBody } from '../support/api-client';
import { forgotten, resetAt } from '../support/credentials';
import { startSystem, type System } from '../support/instance';
import { actsOn, newAccount, Operator } from '../support/operator';
import { Person, phoneNumbers, wrongCodes } from '../support/person';
import { beginRebind, prove } from '../support/rebinds';

const NEW_PASSWORD = 'copper-meadow-77-lighthouse';

describe('failures of the second factor', () => {
  const nextPhone = phoneNumbers();
  let system: System;

  beforeAll(async () => {
    system = await startSystem({ env: { LIMIT_FACTOR_ACCOUNT: '10/1h,20/1d' } });
  });

  afterAll(() => system.stop());

  async function joined(): Promise<Person> {
    const person = new Person(system, nextPhone());
    await person.joined();
    return person;
  }

  /** Enters so many wrong codes in challenges of five. */
  async function fail(person: Person, count: number, route: 'register' | 'login' = 'login'): Promise<void> {
    for (let left = count; left > 0; left -= 5) {
      system.clock.advance(31);
      const { token, code } = await person.challenged(route);
      for (const wrong of wrongCodes(code, Math.min(5, left))) {
        expect((await person.verify(token, wrong)).body.code).toBe('code_invalid');
      }
    }
    system.clock.advance(31);
  }

  async function lockedFor(person: Person, token: string, code = '123456'): Promise<number> {
    const { status, body, headers } = await person.verify(token, code);
    expect([status, body.code, body.attemptsLeft]).toEqual([429, 'second_factor_locked', undefined]);
    return Number(headers.get('retry-after'));
  }

  // ASVS 6.3.5
  it('ten in an hour lock the account: login looks the same, nothing but one notice is sent, verify and resend are 429', async () => {
    const person = await joined();
    const open = await person.challenged('login');
    await fail(person, 10);
    const before = await system.phone.messages(person.phone);
    const challenge = await person.login();
    expect(challenge.status).toBe(200);
    expect(Object.keys(challenge.body)).toEqual(Object.keys((await (await joined()).login()).body));
    expect(challenge.body).toMatchObject({ purpose: 'login', resendAfter: 30, attemptsLeft: 5 });
    const { challengeToken: token } = challenge.body;
    const sent = await person.statusWhen(token, ({ delivery }) => delivery === 'sent');
    expect(sent).toMatchObject({ state: 'pending', next: ['verify', 'wait'] });

    const retryAfter = await lockedFor(person, token);
    expect(retryAfter).toBeGreaterThan(3000);
    expect(retryAfter).toBeLessThanOrEqual(3600);
    await lockedFor(person, open.token, open.code);
    system.clock.advance(30);
    const resent = await person.resend(token);
    expect([resent.status, resent.body.code]).toEqual([429, 'second_factor_locked']);
    expect(Number(resent.headers.get('retry-after'))).toBeGreaterThan(3000);

    const again = await person.login();
    expect(again.status).toBe(200);
    await person.statusWhen(again.body.challengeToken, ({ delivery }) => delivery === 'sent');
    await system.phone.messageFor(person.phone, { after: before[0]?.id });
    const notices = (await system.phone.messages(person.phone)).slice(0, -before.length);
    expect(notices.map(({ text }) => text)).toEqual([expect.stringContaining('too many wrong')]);
    expect(notices[0]?.text).not.toMatch(/\d{4}|https?:|#/);
    expect((await person.login({ password: 'not-the-password-1' })).body.code).toBe('credentials_invalid');
  });

  it('A39: of an account that was disabled no challenge brings a message or a sign-in, and none is locked', async () => {
    const person = await joined();
    const { token, code } = await person.challenged('login');
    await person.alter(`status = 'disabled'`);
    system.clock.advance(30);
    for (const { status, body } of [await person.resend(token), await person.verify(token, code)]) {
      expect([status, body.code]).toEqual([401, 'code_expired']);
    }
  });

  it('A05: neither a resend nor a new login brings new guesses: at ten wrong ones the account is locked, and sends nothing', async () => {
    const person = await joined();
    let token = '';
    for (let round = 0; round < 2; round += 1) {
      system.clock.advance(61);
      const challenge = await person.challenged('login');
      token = challenge.token;
      const wrong = wrongCodes(challenge.code, 5);
      for (const code of wrong.slice(0, 4)) await person.verify(token, code);
      system.clock.advance(31);
      expect((await person.resend(token)).body.attemptsLeft).toBe(1);
      expect((await person.verify(token, wrong[4])).body.attemptsLeft).toBe(0);
    }
    system.clock.advance(61);
    const { body } = await person.login();
    await lockedFor(person, body.challengeToken);
    system.clock.advance(31);
    expect((await person.resend(body.challengeToken)).body.code).toBe('second_factor_locked');
    expect((await person.resend(token)).status).toBe(429);
  });

  it('the lock is told to the owner: a number that the account asks to move to gets neither a code nor word of it', async () => {
    const { person, tokens } = await newAccount(system, nextPhone());
    await fail(person, 10);
    const next = new Person(system, nextPhone());
    const body = { phone: next.phone };
    const asked = await system.api.post<ChallengeBody>('/v1/users/me/phone', body, { token: tokens.accessToken });
    expect(asked.status).toBe(202);
    await next.statusWhen(asked.body.challengeToken, ({ delivery }) => delivery === 'sent');
    expect(await system.phone.messages(next.phone)).toEqual([]);
  });

  it('a move that an operator has begun is not held up: its code is sent, sent again and taken, and opens nothing else', async () => {
    const { person, id } = await newAccount(system, nextPhone());
    await fail(person, 10);
    const begun = await beginRebind(new Operator(system), id, nextPhone());
    system.clock.advance(31);
    expect((await person.resend(begun.token)).status).toBe(202);
    const { token } = begun;
    const [wrong = ''] = wrongCodes(begun.code, 1);
    expect((await prove(system.api, { token, code: wrong })).body).toMatchObject({ code: 'code_invalid' });
    expect((await prove(system.api, begun)).status).toBe(200);
    expect((await prove(system.api, begun)).body).toMatchObject({ code: 'code_expired' });
    await lockedFor(person, (await person.login()).body.challengeToken);
  });

  it('a reset opens it: whoever knew the password and entered the wrong codes knows it no more', async () => {
    const person = await joined();
    await fail(person, 10);
    await lockedFor(person, (await person.login()).body.challengeToken);
    system.clock.advance(31);
    const { token, code } = await forgotten(person);
    expect((await resetAt(system.api, token, code, NEW_PASSWORD)).status).toBe(204);
    system.clock.advance(31);
    const owner = new Person(system, person.phone, NEW_PASSWORD);
    const login = await owner.challenged('login');
    expect((await owner.verify(login.token, login.code)).status).toBe(200);
  });

  it('A55: who was told of a lock today is told of an attempt to register their number as well', async () => {
    const person = await joined();
    await fail(person, 10);
    const before = await system.phone.newest(person.phone);
    await person.login();
    const { id: after } = await system.phone.messageFor(person.phone, { after: before });
    system.clock.advance(600);
    expect((await new Person(system, person.phone, 'strangers-own-33-pepper').register()).status).toBe(202);
    expect((await system.phone.messageFor(person.phone, { after })).text).toMatch(/^Someone tried to sign up/);
  });

  it('the lock ends when the hour is over, and twenty in a day lock for the day', async () => {
    const person = await joined();
    await fail(person, 10);
    const before = await system.phone.newest(person.phone);
    await lockedFor(person, (await person.login()).body.challengeToken);
    expect((await system.phone.messageFor(person.phone, { after: before })).code).toBeNull(); // today's only notice
    system.clock.advance(3600);
    await fail(person, 10);
    system.clock.advance(3600);
    const retryAfter = await lockedFor(person, (await person.login()).body.challengeToken);
    expect(retryAfter).toBeGreaterThan(70_000);
    system.clock.advance(retryAfter);
    const { token, code } = await person.challenged('login');
    expect((await person.verify(token, code)).status).toBe(200);
  });

  // NIST RL-5
  it('a right code between does not give failures back', async () => {
    const person = await joined();
    await fail(person, 9);
    const good = await person.challenged('login');
    expect((await person.verify(good.token, good.code)).status).toBe(200);
    const last = await person.challenged('login');
    expect((await person.verify(last.token, wrongCodes(last.code, 1)[0])).body.attemptsLeft).toBe(4);
    await lockedFor(person, last.token, last.code);
  });

  it('a hundred in a row disable the factor, whatever time passes, until an operator reopens it (RL-2, RL-4)', async () => {
    const { person, id } = await newAccount(system, nextPhone());
    await system.database.query('UPDATE users SET second_factor_consecutive = 99 WHERE id = $1', [id]);
    const reopened = async () => (await new Operator(system).act(id, 'reopen-second-factor')).body.secondFactorLocked;
    expect(await reopened()).toBe(false);
    await fail(person, 1);
    system.clock.advance(2 * 86_400);
    const { body } = await person.login();
    await lockedFor(person, body.challengeToken);

    system.clock.advance(31);
    const resent = await person.resend(body.challengeToken);
    expect([resent.status, resent.body.code]).toEqual([429, 'second_factor_locked']);
    expect(await reopened()).toBe(false);
    // Of the first time nothing is noted: there was nothing to reopen.
    expect((await actsOn(system, id)).map(({ event }) => event)).toEqual(['second_factor_reopened']);
    const { token, code } = await person.challenged('login');
    expect((await person.verify(token, code)).status).toBe(200);
  });

  it('failures of a stranger who registers the number do not lock its account, nor the other way round', async () => {
    const owner = await joined();
    const stranger = new Person(system, owner.phone, 'another-password-77');
    for (let round = 0; round < 2; round += 1) {
      const { challengeToken: token } = (await stranger.register()).body;
      for (const wrong of wrongCodes('123456', 5)) await stranger.verify(token, wrong);
      system.clock.advance(31);
    }
    await lockedFor(stranger, (await stranger.register()).body.challengeToken);
    const { token, code } = await owner.challenged('login');
    expect((await owner.verify(token, code)).status).toBe(200);

    const other = await joined();
    await fail(other, 10);
    const open = (await new Person(system, other.phone, 'another-password-77').register()).body.challengeToken;
    expect((await stranger.verify(open, '123456')).body.code).toBe('code_invalid');
  });

  it('a free number’s registrations have the same budget as a taken number’s', async () => {
    const person = new Person(system, nextPhone());
    await fail(person, 10, 'register');
    const { token } = await person.challenged('register');
    const retryAfter = await lockedFor(person, token);
    expect(retryAfter).toBeGreaterThan(3000);
    system.clock.advance(retryAfter);
    expect((await person.joined()).user['phone']).toContain('******');
  });
});
