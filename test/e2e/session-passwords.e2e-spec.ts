// The password that is asked for in a session, before a step-up or a change of it. Wrong ones delay it by themselves: whatever strangers try at
// sign-ins does not hold up somebody who is signed in (A74), and a stolen session gives no new guesses by making more of them (A53). On two instances.
import type { ApiClient } from '../support/api-client';
import {
  askStepUp,
  changePassword,
  claimsOf,
  forgotten,
  kind,
  NEW_PASSWORD,
  opens,
  resetAt,
} from '../support/credentials';
import { startSystem, type System } from '../support/instance';
import { limitsOff } from '../support/limits';
import { newcomer, PASSWORD, Person, phoneNumbers } from '../support/person';
import { AuthenticatorApp } from '../support/totp';

const WRONG = 'not it at all';
const FREE = 5;
const nextPhone = phoneNumbers();
let system: System;
let here: ApiClient;
let there: ApiClient;

beforeAll(async () => {
  system = await startSystem({
    instances: 2,
    env: {
      ...limitsOff('LIMIT_UNAUTHENTICATED', 'LIMIT_SMS_DESTINATION', 'LIMIT_SESSION', 'LIMIT_PASSWORD_ADDRESS'),
      JWT_ISSUER: 'https://id.example',
      LIMIT_PASSWORD_ACCOUNT: `${FREE}/15m`,
    },
  });
  [here, there] = system.both;
});
afterAll(() => system.stop());

const newPerson = () => newcomer(system, nextPhone());
const wrongSignIn = (identifier: string) => here.post('/v1/auth/login', { identifier, password: WRONG });

/** So many wrong passwords that the next has to wait for 16 s: the waits between are 1, 2, 4 and 8 s. */
async function delayed(guess: () => Promise<{ status: number }>): Promise<void> {
  for (let count = 0; count < FREE + 4; count += 1) {
    system.clock.advance(9);
    expect((await guess()).status).toBe(401);
  }
}

describe('wrong passwords at sign-ins', () => {
  it('A74: hold up neither a step-up nor a change of the password', async () => {
    const { person, tokens } = await newPerson();
    await delayed(() => wrongSignIn(person.phone));
    expect(await opens(person, PASSWORD)).toBe(false);
    expect(kind(await askStepUp(here, tokens.accessToken, PASSWORD))).toBe('202');
    expect(kind(await changePassword(there, tokens.accessToken, PASSWORD))).toBe('204');
  });

  it('A74: nor those of an account that has no number any more; wrong ones in its session delay its sign-ins', async () => {
    const { person, tokens } = await newPerson();
    await AuthenticatorApp.enrolled(person, tokens.accessToken);
    const identifier = 'left.behind@example.com';
    const sql = 'UPDATE users SET phone = NULL, email = $2, email_verified_at = created_at WHERE phone = $1';
    await system.database.query(sql, [person.phone, identifier]);
    const signIn = async () => kind(await here.post('/v1/auth/login', { identifier, password: PASSWORD }));
    await delayed(() => askStepUp(here, tokens.accessToken, WRONG));
    expect(await signIn()).toBe('401 credentials_invalid');
    system.clock.advance(17);
    expect(await signIn()).toBe('200');
    await delayed(() => wrongSignIn(identifier));
    expect(await signIn()).toBe('401 credentials_invalid');
    expect(kind(await askStepUp(there, tokens.accessToken, PASSWORD))).toBe('202');
  });
});

describe('wrong passwords in a session', () => {
  it('are five, and even the right one waits; they delay sign-ins as well, and are on record', async () => {
    const { person, tokens } = await newPerson();
    await wrongSignIn(person.phone);
    for (let count = 0; count < FREE; count += 1) {
      expect(kind(await askStepUp(here, tokens.accessToken, WRONG))).toBe('401 credentials_invalid');
    }
    const waits = await askStepUp(there, tokens.accessToken, PASSWORD);
    expect([kind(waits), waits.body.retryAfter]).toEqual(['429 rate_limited', 1]);
    expect(await opens(person, PASSWORD)).toBe(false);
    system.clock.advance(2);
    expect((await askStepUp(here, tokens.accessToken, PASSWORD)).status).toBe(202);
    const sql = `SELECT session_id AS sid FROM audit_log WHERE event = 'step_up_fail' AND user_id = $1`;
    const { rows } = await system.database.query<object>(sql, [tokens.user['id']]);
    expect(rows).toEqual(Array(FREE).fill({ sid: claimsOf(tokens)['sid'] }));
  });

  it('A53: count for all sessions of the account: neither another nor one that is made then has a guess more', async () => {
    const { person, tokens } = await newPerson();
    const other = await person.again();
    await delayed(() => askStepUp(here, tokens.accessToken, WRONG));
    expect(kind(await askStepUp(there, other.accessToken, PASSWORD))).toBe('429 rate_limited');
    system.clock.advance(17);
    const made = await person.again();
    expect(kind(await askStepUp(here, made.accessToken, WRONG))).toBe('401 credentials_invalid');
    system.clock.advance(17);
    expect(kind(await askStepUp(there, made.accessToken, PASSWORD))).toBe('429 rate_limited');
    expect(kind(await changePassword(here, other.accessToken, PASSWORD))).toBe('429 rate_limited');
    system.clock.advance(17);
    expect(kind(await askStepUp(there, made.accessToken, PASSWORD))).toBe('202');
    expect(kind(await askStepUp(here, tokens.accessToken, WRONG))).toBe('401 credentials_invalid');
  });

  it('are forgotten with a reset', async () => {
    const { person, tokens } = await newPerson();
    await delayed(() => askStepUp(here, tokens.accessToken, WRONG));
    const { token, code } = await forgotten(person);
    expect(kind(await resetAt(here, token, code))).toBe('204');
    const { accessToken } = await new Person(system, person.phone, NEW_PASSWORD).again();
    expect(kind(await askStepUp(here, accessToken, NEW_PASSWORD))).toBe('202');
  });

  it('are forgotten with the account', async () => {
    const { tokens } = await newPerson();
    const { accessToken: token } = tokens;
    expect(kind(await askStepUp(here, token, WRONG))).toBe('401 credentials_invalid');
    expect((await here.request('DELETE', '/v1/users/me', undefined, { token })).status).toBe(204);
    const left = `SELECT key FROM failure_budgets WHERE key LIKE '%' || $1`;
    expect((await system.database.query(left, [tokens.user['id']])).rows).toEqual([]);
  });
});
