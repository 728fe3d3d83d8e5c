// A39 under races: an account is deleted while, on both instances, somebody signs in to it, rotates its tokens, moves its number or resets
// its password. Whoever came first, afterwards there is an account with all of its rows or none of any, and no token of a deleted one lives.
import type { ApiClient, TokensBody } from '../../support/api-client';
import { forgotten, kind, meAt, refreshAt, resetAt, withCode } from '../../support/credentials';
import { loginFrom, withDevice } from '../../support/devices';
import { startSystem, type System } from '../../support/instance';
import { whileHeld } from '../../support/locks';
import { Operator, USERS } from '../../support/operator';
import { newcomer, Person, phoneNumbers } from '../../support/person';
import {
  burst,
  BUSY,
  databaseErrors,
  LIMITS_OFF,
  numberOf,
  others,
  RACE_TIMEOUT_MS,
  rounds,
  untilMet,
  untilWaiting,
  verifyAt,
} from '../burst';

const nextPhone = phoneNumbers();
let system: System;

beforeAll(async () => {
  const env = { ...LIMITS_OFF, OTP_RESEND_SECONDS: '1', JWT_ISSUER: 'https://id.example' };
  system = await startSystem({ instances: 2, env });
});
afterAll(() => system.stop());

type Answer = Awaited<ReturnType<typeof refreshAt>>;

const leave = (api: ApiClient, { accessToken }: TokensBody): Promise<Answer> =>
  api.request('DELETE', '/v1/users/me', undefined, { token: accessToken });

const newPerson = () => newcomer(system, nextPhone());

const count = (sql: string, id: unknown) => numberOf(system, `SELECT count(*)::int AS n FROM ${sql}`, [id]);

/** What is left of an account whose deletion was answered so: all of it, or nothing that opens anything. */
async function demandAllOrNothing(
  { tokens }: { tokens: TokensBody },
  deleted: boolean,
  given: readonly Answer[],
): Promise<void> {
  const id = tokens.user['id'];
  expect(await count('users WHERE id = $1', id)).toBe(deleted ? 0 : 1);
  expect(await count(`audit_log WHERE user_id = $1 AND event = 'user_deleted'`, id)).toBe(deleted ? 1 : 0);
  expect(await count('deleted_accounts WHERE user_id = $1', id)).toBe(deleted ? 1 : 0);
  expect(
    await count(
      'sessions s WHERE NOT EXISTS (SELECT FROM users u WHERE u.id = s.user_id) AND $1::uuid IS NOT NULL',
      id,
    ),
  ).toBe(0);
  if (!deleted) return;
  system.clock.advance(6);
  const opened = given.filter(({ status, body }) => status === 200 && body.accessToken !== undefined);
  for (const { body } of [...opened, { body: tokens }]) {
    for (const api of system.apis) {
      expect(kind(await meAt(api, body))).toBe('401 token_invalid');
      if (body.refreshToken !== undefined) expect(kind(await refreshAt(api, body))).toBe('401 token_invalid');
    }
  }
}

/** Runs the deletion among what others do at that moment. @returns what they were answered, the deletion first */
function amid(
  tokens: TokensBody,
  count: number,
  other: (api: ApiClient, index: number) => Promise<Answer>,
): Promise<Answer[]> {
  return burst(system, count + 1, (api, index) => (index === 1 ? leave(api, tokens) : other(api, index)));
}

const wasDeleted = (answers: readonly Answer[]) => answers[1]?.status === 204;

it(
  'sign-ins: each came before and is dead with the account, or finds nobody',
  () =>
    rounds(4, async () => {
      const { person, tokens } = await newPerson();
      system.clock.advance(2);
      const { token, code } = await person.challenged('login');
      const answers = await amid(tokens, 6, (api) => verifyAt(api, token, code));
      expect(others(answers, ['204', '200', '401 code_expired', ...BUSY])).toEqual([]);
      expect(wasDeleted(answers)).toBe(true);
      await demandAllOrNothing({ tokens }, true, answers);
    }),
  RACE_TIMEOUT_MS,
);

it(
  'rotations: no token that was given out in that moment lives',
  () =>
    rounds(4, async () => {
      const { tokens } = await newPerson();
      const answers = await amid(tokens, 6, (api) => refreshAt(api, tokens));
      expect(others(answers, ['204', '200', '409 refresh_raced', '401 token_invalid', ...BUSY])).toEqual([]);
      expect(wasDeleted(answers)).toBe(true);
      await demandAllOrNothing({ tokens }, true, answers);
    }),
  RACE_TIMEOUT_MS,
);

it(
  'a change of the number: it comes before and goes with the account, or does not come; both numbers are free',
  () =>
    rounds(4, async () => {
      const { person, tokens } = await newPerson();
      const next = new Person(system, nextPhone());
      const ask = () =>
        system.api.post<never>('/v1/users/me/phone', { phone: next.phone }, { token: tokens.accessToken });
      const { token, code } = await withCode(next, ask);
      const body = { challengeToken: token, code };
      const confirm = (api: ApiClient) =>
        api.post<never>('/v1/users/me/phone/confirm', body, { token: tokens.accessToken });
      const answers = await amid(tokens, 2, confirm);
      expect(others(answers, ['204', '200', '401 code_expired', '401 token_invalid', ...BUSY])).toEqual([]);
      expect(wasDeleted(answers)).toBe(true);
      await demandAllOrNothing({ tokens }, true, []);
      system.clock.advance(2);
      for (const phone of [person.phone, next.phone]) {
        const again = await new Person(system, phone).joined();
        expect(again.user['id']).not.toBe(tokens.user['id']);
      }
    }),
  RACE_TIMEOUT_MS,
);

/** The last one: the reset came between the look at the token and the look at what a reset by SMS leaves open. */
const RESET_AND_DELETION = [
  '204',
  '401 code_expired',
  '401 code_invalid',
  '401 token_invalid',
  '403 recently_recovered',
  ...BUSY,
];

it(
  'a reset of the password: it ends the session that asks, or finds nobody; never both, never half of either',
  () =>
    rounds(4, async () => {
      const { person, tokens } = await newPerson();
      system.clock.advance(2);
      const { token, code } = await forgotten(person);
      const reset = (api: ApiClient) => resetAt(api, token, code) as Promise<Answer>;
      const answers = await amid(tokens, 1, reset);
      expect(others(answers, RESET_AND_DELETION)).toEqual([]);
      expect(answers.filter(({ status }) => status === 204)).toHaveLength(1);
      await demandAllOrNothing({ tokens }, wasDeleted(answers), []);
    }),
  RACE_TIMEOUT_MS,
);

it(
  'of many deletions one is done, and the number has one account when two people take it at once afterwards',
  () =>
    rounds(4, async () => {
      const { person, tokens } = await newPerson();
      const answers = await burst(system, 8, (api) => leave(api, tokens));
      expect(others(answers, ['204', '401 token_invalid', ...BUSY])).toEqual([]);
      expect(answers.filter(({ status }) => status === 204)).toHaveLength(1);
      await demandAllOrNothing({ tokens }, true, []);
      system.clock.advance(2);
      const first = await person.challenged('register');
      system.clock.advance(2);
      const second = await person.challenged('register');
      const made = await burst(system, 4, (api, index) => {
        const { token, code } = index % 4 < 2 ? first : second;
        return verifyAt(api, token, code);
      });
      expect(others(made, ['200', '409 conflict', '401 code_expired', ...BUSY])).toEqual([]);
      expect(await count('users WHERE phone = $1', person.phone)).toBe(1);
    }),
  RACE_TIMEOUT_MS,
);

it('at the moment of a sign-in on a trusted device: one waits for the other, and not each for the other', () =>
  untilMet(async () => {
    const person = new Person(system, nextPhone());
    const { tokens, device } = await withDevice(person);
    await loginFrom(person, device, { password: 'not-the-password-41' }); // so that wrong passwords are counted for the number
    const hold = `SELECT FROM failure_budgets WHERE key LIKE 'password:%' FOR UPDATE`;
    const [left, login] = await whileHeld(system.database, [hold], async () => {
      const leaving = leave(system.api, tokens);
      await untilWaiting(system, 1);
      const signingIn = loginFrom(person, device);
      await untilWaiting(system, 2);
      return [leaving, signingIn] as const;
    });
    expect((await left).status).toBe(204);
    // It had read the account before, and finds none to send a code to.
    expect(kind(await login)).toBe('429 rate_limited');
  }));

it('in the middle of a change of the number: the one that is remembered is the one it had at that moment', () =>
  untilMet(async () => {
    const { tokens } = await newPerson();
    const phone = nextPhone();
    const move = 'UPDATE users SET phone = $2 WHERE id = $1';
    const [left] = await whileHeld(system.database, [move, tokens.user['id'], phone], async () => {
      const leaving = leave(system.api, tokens);
      await untilWaiting(system, 1);
      return [leaving] as const;
    });
    expect((await left).status).toBe(204);
    const deleted = await new Operator(system).ask('GET', `${USERS}/deleted?phone=${encodeURIComponent(phone)}`);
    expect(deleted.body.items).toMatchObject([{ userId: tokens.user['id'] }]);
  }));

it('none of it made a deadlock, or an error of the database', () => {
  expect(databaseErrors(system)).toEqual([]);
});
