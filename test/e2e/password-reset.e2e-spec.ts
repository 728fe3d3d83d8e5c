// A forgotten password: a code to the phone, a new password, and nothing left of before (A42, A71). Whoever asks for
// others cannot keep the owner from it (A76), and gets no account with a recycled number (A98).
import { untilMet, untilWaiting } from '../races/burst';
import type { ApiClient } from '../support/api-client';
import {
  askReset,
  askStepUp,
  changePassword,
  eventsOf,
  forgotten,
  kind,
  meAt,
  NEW_PASSWORD,
  noticed,
  opens,
  refreshAt,
  resetAt,
  withCode,
} from '../support/credentials';
import type { System } from '../support/instance';
import { whileHeld } from '../support/locks';
import { newcomer, PASSWORD, Person, phoneNumbers, wrongCodes } from '../support/person';
import { startForResets } from '../support/resets';

const nextPhone = phoneNumbers();
const DAY = 86_400;
let system: System;
let here: ApiClient;
let there: ApiClient;

beforeAll(async () => {
  system = await startForResets();
  [here, there] = system.both;
});
afterAll(() => system.stop());

const withNew = ({ phone }: Person) => new Person(system, phone, NEW_PASSWORD);

describe('a reset', () => {
  it('A42, A71, N2: replaces the password, signs nobody in, ends all that was before, and tells the owner', async () => {
    const { person, tokens } = await newcomer(system, nextPhone());
    const login = await person.challenged('login');
    const step = await withCode(person, () => askStepUp(here, tokens.accessToken, PASSWORD));
    const { token, code } = await forgotten(person);

    const answer = await resetAt(here, token, code);
    expect([answer.status, answer.text, answer.headers.get('set-cookie')]).toEqual([204, '', null]);

    expect(kind(await meAt(here, tokens))).toBe('401 token_invalid');
    expect(kind(await refreshAt(there, tokens))).toBe('401 token_invalid');
    for (const dead of [login, step]) {
      expect(kind(await person.verify(dead.token, dead.code))).toBe('401 code_expired');
      expect(kind(await person.resend(dead.token))).toBe('401 code_expired');
    }
    expect(kind(await resetAt(there, token, code, 'a third one, then'))).toBe('401 code_expired');
    expect([await opens(person, PASSWORD), await opens(person, NEW_PASSWORD)]).toEqual([false, true]);
    expect(await noticed(system, person.phone, /password was reset/)).toMatch(/Not you\?/);
    expect((await eventsOf(system, person.phone)).filter((event) => event.startsWith('password_reset'))).toEqual([
      'password_reset_requested',
      'password_reset_completed',
    ]);
  });

  it('A71: the next login still takes a code, and for 24 hours the account cannot be changed, its sessions can be ended', async () => {
    const { person } = await newcomer(system, nextPhone());
    const { token, code } = await forgotten(person);
    await resetAt(here, token, code);
    await noticed(system, person.phone, /password was reset/);
    system.clock.advance(31);
    const login = await withNew(person).challenged('login');
    const { accessToken } = (await person.verify(login.token, login.code)).body;
    const held = await changePassword(here, accessToken, NEW_PASSWORD, PASSWORD);
    expect(kind(held)).toBe('403 recently_recovered');
    expect(Number(held.headers.get('retry-after'))).toBeGreaterThan(DAY - 120);
    expect((await here.request('DELETE', '/v1/auth/sessions', undefined, { token: accessToken })).status).toBe(204);
    await person.alter(`recovered_at = recovered_at - interval '24 hours'`);
    expect((await changePassword(here, accessToken, NEW_PASSWORD, PASSWORD)).status).toBe(204);
  });

  it('is none 30 s after its code was judged, however long its hash has waited', () =>
    untilMet(async () => {
      const { person } = await newcomer(system, nextPhone());
      const { token, code } = await forgotten(person);
      const hold = 'SELECT FROM users WHERE phone = $1 FOR UPDATE';
      const [answer] = await whileHeld(system.database, [hold, person.phone], async () => {
        const resetting = resetAt(here, token, code);
        await untilWaiting(system, 1);
        system.clock.advance(30);
        return [resetting] as const;
      });
      expect(kind(await answer)).toBe('401 code_expired');
      expect([await opens(person, PASSWORD), await opens(person, NEW_PASSWORD)]).toEqual([true, false]);
    }));

  it('A39: is none of an account that is disabled between its code and its password', async () => {
    const { person } = await newcomer(system, nextPhone());
    const { token, code } = await forgotten(person);
    await system.database.query(
      `CREATE FUNCTION disabled() RETURNS trigger LANGUAGE plpgsql AS
         $$ BEGIN UPDATE users SET status = 'disabled' WHERE id = NEW.subject_id; RETURN NULL; END $$;
       CREATE TRIGGER disabled AFTER UPDATE ON otp_attempts FOR EACH ROW
         WHEN (NEW.purpose = 'reset' AND OLD.consumed_at IS NULL AND NEW.consumed_at IS NOT NULL) EXECUTE FUNCTION disabled()`,
    );
    const answer = await resetAt(here, token, code).finally(() =>
      system.database.query('DROP FUNCTION disabled CASCADE'),
    );
    expect(kind(answer)).toBe('401 code_expired');
    await person.alter(`status = 'active'`);
    expect([await opens(person, PASSWORD), await opens(person, NEW_PASSWORD)]).toEqual([true, false]);
  });

  it('a password that will not do costs no code, and the rules know the number', async () => {
    const { person } = await newcomer(system, nextPhone());
    const { token, code } = await forgotten(person);
    expect(kind(await resetAt(here, token, code, 'too short'))).toBe('422 password_too_short');
    expect(kind(await resetAt(here, token, code, person.phone))).toBe('422 password_blocklisted');
    expect((await person.status(token)).attemptsLeft).toBe(5);
    expect((await resetAt(here, token, code)).status).toBe(204);
  });

  it('ends the wait after wrong passwords, and reopens a second factor that a hundred wrong codes had closed', async () => {
    const { person } = await newcomer(system, nextPhone());
    await person.alter('second_factor_consecutive = 100');
    for (let count = 0; count < 6; count += 1) await opens(person, 'not it at all');
    const { token, code } = await forgotten(person);
    expect((await resetAt(here, token, code)).status).toBe(204);
    expect(await opens(person, NEW_PASSWORD)).toBe(true);
    const { rows } = await system.database.query(`SELECT second_factor_consecutive AS n FROM users WHERE phone = $1`, [
      person.phone,
    ]);
    expect(rows).toEqual([{ n: 0 }]);
  });

  // NIST PV-4
  it('PV-4: a password that must be changed signs in no more, only its owner is told, and a reset lifts it', async () => {
    const { person, tokens } = await newcomer(system, nextPhone());
    await person.alter('must_change_password = true');
    expect(kind(await person.login())).toBe('403 password_change_required');
    expect(kind(await new Person(system, person.phone, 'not it at all').login())).toBe('401 credentials_invalid');
    const { token, code } = await forgotten(person);
    expect((await resetAt(here, token, code)).status).toBe(204);
    expect((await withNew(person).login()).status).toBe(200);
    expect(kind(await meAt(here, tokens))).toBe('401 token_invalid');
  });

  it('five wrong codes end it, ten in an hour over all of them keep the right one out, and the login goes on', async () => {
    const { person } = await newcomer(system, nextPhone());
    const first = await forgotten(person);
    const left: unknown[] = [];
    for (const wrong of wrongCodes(first.code, 5))
      left.push((await resetAt(here, first.token, wrong)).body.attemptsLeft);
    expect(left).toEqual([4, 3, 2, 1, 0]);
    expect(kind(await resetAt(there, first.token, first.code))).toBe('429 challenge_locked');
    system.clock.advance(31);
    const second = await forgotten(person);
    for (const wrong of wrongCodes(second.code, 5)) await resetAt(here, second.token, wrong);
    system.clock.advance(31);
    const third = await forgotten(person);
    expect(kind(await resetAt(here, third.token, third.code))).toBe('429 second_factor_locked');
    expect(await opens(person, PASSWORD)).toBe(true);
  });

  it('A10: its token and code are good at no other route, and no other purpose is good at it', async () => {
    const { person, tokens } = await newcomer(system, nextPhone());
    const reset = await forgotten(person);
    expect(kind(await person.verify(reset.token, reset.code))).toBe('401 token_type_invalid');
    const login = await person.challenged('login');
    expect(kind(await resetAt(here, login.token, login.code))).toBe('401 token_type_invalid');
    expect(kind(await resetAt(here, reset.token, login.code))).toBe('401 code_invalid');
    expect(kind(await meAt(here, { accessToken: reset.token }))).toBe('401 token_type_invalid');
    expect((await meAt(here, tokens)).status).toBe(200);
    expect((await resetAt(here, reset.token, reset.code)).status).toBe(204);
  });
});

describe('whoever asks for resets of others', () => {
  it('A76: a reset that others ask for every 20 s, 15 minutes long, voids no code, sends four messages in ten minutes at most, locks no login', async () => {
    const { person } = await newcomer(system, nextPhone());
    const times: number[] = [];
    const asked = async (count: number): Promise<void> => {
      for (let left = count; left > 0; left -= 1) {
        system.clock.advance(20);
        expect((await askReset(there, person.phone)).status).toBe(202);
        const { length } = (await system.phone.messages(person.phone)).filter(({ text }) => /reset your/.test(text));
        while (times.length < length) times.push(system.clock.now().getTime());
      }
    };
    const { token, code } = await forgotten(person);
    await asked(14); // to the last seconds of its code
    expect((await resetAt(here, token, code)).status).toBe(204);
    const own = withNew(person);
    for (let round = 0; round < 2; round += 1) {
      await asked(15);
      await own.again();
    }
    const within = (from: number) => times.filter((at) => at >= from && at < from + 600_000).length;
    expect(times.length).toBeGreaterThan(0);
    expect(Math.max(...times.map(within))).toBeLessThanOrEqual(4);
    const hits = `SELECT cardinality(hits)::int AS n FROM rate_limits WHERE key LIKE 'reset:to:%' ORDER BY touched_at DESC LIMIT 1`;
    expect((await system.database.query(hits)).rows).toEqual([{ n: 3 }]);
  });

  it('A98: the new holder of a number that was idle for 90 days gets no code for the old account, and can make one of their own', async () => {
    const { person, tokens } = await newcomer(system, nextPhone());
    await person.alter(`last_authenticated_at = last_authenticated_at - interval '90 days 1 second'`);
    const { body } = await askReset(here, person.phone);
    expect(kind(await resetAt(here, body.challengeToken, '123456'))).toBe('401 code_invalid');
    const own = await new Person(system, person.phone, NEW_PASSWORD).joined();
    expect(own.user['id']).not.toBe(tokens.user['id']);
    expect(kind(await meAt(here, tokens))).toBe('401 token_invalid');
    const { rows } = await system.database.query('SELECT phone FROM users WHERE id = $1', [tokens.user['id']]);
    expect(rows).toEqual([{ phone: null }]);
    expect((await system.phone.messages(person.phone)).filter(({ text }) => /reset your/.test(text))).toEqual([]);
  });
});
