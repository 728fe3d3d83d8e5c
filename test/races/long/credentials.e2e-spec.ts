// N2, A42 under races: whoever changes a credential ends what others do at that moment, on whichever instance, and of many changes at once
// one wins. What counts is what still works afterwards.
import type { ApiClient, TokensBody } from '../../support/api-client';
import {
  askStepUp,
  changePassword,
  forgotten,
  kind,
  opens,
  refreshAt,
  resetAt,
  withCode,
} from '../../support/credentials';
import { startSystem, type System } from '../../support/instance';
import { newcomer, PASSWORD, Person, phoneNumbers, wrongCodes } from '../../support/person';
import {
  burst,
  BUSY,
  databaseErrors,
  LIMITS_OFF,
  numberOf,
  others,
  RACE_TIMEOUT_MS,
  rounds,
  tally,
  undisturbed,
  verifyAt,
} from '../burst';

const nextPhone = phoneNumbers();
let system: System;
let here: ApiClient;
let there: ApiClient;

beforeAll(async () => {
  // The second code to a number follows after a second, not after thirty.
  system = await startSystem({
    instances: 2,
    env: { ...LIMITS_OFF, OTP_RESEND_SECONDS: '1', JWT_ISSUER: 'https://id.example' },
  });
  [here, there] = system.both;
});
afterAll(() => system.stop());

const passwordOf = (index: number) => `meadow-quartz-ember-${index}`;

async function another(person: Person): Promise<TokensBody> {
  system.clock.advance(2);
  const { token, code } = await person.challenged('login');
  return (await person.verify(token, code)).body;
}

const recorded = (event: string, { phone }: Person) =>
  numberOf(
    system,
    'SELECT count(*)::int AS n FROM audit_log a JOIN users u ON u.id = a.user_id WHERE u.phone = $1 AND a.event = $2',
    [phone, event],
  );
const changesOf = ({ phone }: Person) =>
  numberOf(system, 'SELECT auth_epoch AS n FROM users WHERE phone = $1', [phone]);

/** Sessions that live, whatever their answers said. */
const alive = ({ phone }: Person) =>
  numberOf(
    system,
    `SELECT count(*)::int AS n FROM sessions s JOIN users u ON u.id = s.user_id
      WHERE u.phone = $1 AND s.revoked_at IS NULL AND s.auth_epoch = u.auth_epoch`,
    [phone],
  );

describe('resets', () => {
  it(
    'of twenty with the same right code one is done: one new password, one record, one notice',
    () =>
      rounds(2, async () => {
        const { person } = await newcomer(system, nextPhone());
        const { token, code } = await forgotten(person);
        const answers = await burst(system, 20, (api, index) => resetAt(api, token, code, passwordOf(index)));
        expect(others(answers, ['204', '401 code_expired', ...BUSY])).toEqual([]);
        const won = answers.findIndex(({ status }) => status === 204);
        expect(await recorded('password_reset_completed', person)).toBe(1);
        expect(await changesOf(person)).toBe(1);
        expect(await opens(person, PASSWORD)).toBe(false);
        if (!undisturbed(answers)) return false;
        expect(tally(answers)).toEqual({ 204: 1, '401 code_expired': 19 });
        expect(await opens(person, passwordOf(won))).toBe(true);
        return true;
      }),
    RACE_TIMEOUT_MS,
  );

  it(
    'of two codes of one person, entered at the same moment on two instances, one wins, and its password is the one',
    () =>
      rounds(2, async () => {
        const { person } = await newcomer(system, nextPhone());
        const first = await forgotten(person);
        system.clock.advance(2);
        const second = await forgotten(person);
        const answers = await burst(system, 2, (api, index) => {
          const { token, code } = index === 0 ? first : second;
          return resetAt(api, token, code, passwordOf(index));
        });
        // Too late by a little it finds the account changed; by a little more, its own challenge is a decoy.
        expect(others(answers, ['204', '401 code_expired', '401 code_invalid', ...BUSY])).toEqual([]);
        expect(answers.filter(({ status }) => status === 204)).toHaveLength(1);
        expect(await changesOf(person)).toBe(1);
        for (const [index, { status }] of answers.entries()) {
          expect(await opens(person, passwordOf(index))).toBe(status === 204);
        }
      }),
    RACE_TIMEOUT_MS,
  );

  it(
    'A02: of two hundred wrong codes at most five are evaluated, and the right one comes too late',
    () =>
      rounds(1, async () => {
        const { person } = await newcomer(system, nextPhone());
        const { token, code } = await forgotten(person);
        const wrong = wrongCodes(code, 200);
        const answers = await burst(system, 200, (api, index) => resetAt(api, token, wrong[index] ?? ''));
        expect(others(answers, ['401 code_invalid', '429 challenge_locked', ...BUSY])).toEqual([]);
        const counted = `SELECT count(*)::int AS n FROM audit_log a JOIN otp_attempts c ON c.id = a.ref WHERE c.phone = $1 AND c.purpose = 'reset' AND a.event = 'otp_fail'`;
        expect(await numberOf(system, counted, [person.phone])).toBeLessThanOrEqual(5);
        expect(kind(await resetAt(there, token, code))).toBe('429 challenge_locked');
        expect(await opens(person, PASSWORD)).toBe(true);
      }),
    RACE_TIMEOUT_MS,
  );
});

describe.each(['reset', 'change'] as const)('a %s of the password', (how) => {
  /** Starts it; what else is started in the same turn is under way with it. */
  async function prepared(person: Person, tokens: TokensBody): Promise<() => Promise<{ status: number }>> {
    if (how === 'change') return () => changePassword(here, tokens.accessToken, PASSWORD, passwordOf(0));
    const { token, code } = await forgotten(person);
    return () => resetAt(here, token, code, passwordOf(0));
  }

  it(
    'ends sessions that are being refreshed and logins that are being verified: none made under the old password lives',
    () =>
      rounds(3, async () => {
        const { person, tokens } = await newcomer(system, nextPhone());
        const sessions = [await another(person), await another(person), await another(person)];
        system.clock.advance(2);
        const login = await person.challenged('login');
        const start = await prepared(person, tokens);
        const [done, ...answers] = await Promise.all([
          start(),
          ...sessions.map((each, index) => refreshAt(index % 2 === 0 ? there : here, each)),
          verifyAt(there, login.token, login.code),
          ...sessions.map((each) => refreshAt(here, each)),
        ]);
        expect(done.status).toBe(204);
        expect(others(answers, ['200', '401 token_invalid', '401 code_expired', ...BUSY])).toEqual([]);
        for (const { status, body } of answers.filter((answer) => answer.status === 200)) {
          expect(status).toBe(200);
          expect(kind(await refreshAt(there, body))).toBe('401 token_invalid');
        }
        expect(await alive(person)).toBe(how === 'change' ? 1 : 0);
      }),
    RACE_TIMEOUT_MS,
  );
});

describe('changes and step-ups', () => {
  it(
    'of ten changes at once, from two sessions, one is done, and its session is the only one left',
    () =>
      rounds(2, async () => {
        const { person, tokens } = await newcomer(system, nextPhone());
        const both = [tokens, await another(person)];
        const answers = await burst(system, 10, (api, index) =>
          changePassword(api, both[index % 2]?.accessToken ?? '', PASSWORD, passwordOf(index)),
        );
        expect(others(answers, ['204', '401 credentials_invalid', '401 token_invalid', ...BUSY])).toEqual([]);
        const won = answers.findIndex(({ status }) => status === 204);
        expect(await changesOf(person)).toBe(1);
        expect(await recorded('authn_password_change', person)).toBe(1);
        expect(await alive(person)).toBe(1);
        if (!undisturbed(answers)) return false;
        expect(tally(answers)[204]).toBe(1);
        expect(await opens(person, passwordOf(won))).toBe(true);
        expect((await refreshAt(here, both[won % 2] as TokensBody)).status).toBe(200);
        return true;
      }),
    RACE_TIMEOUT_MS,
  );

  it(
    'a step-up that is verified while its session is logged out brings nothing back (N4)',
    () =>
      rounds(3, async () => {
        const { person, tokens } = await newcomer(system, nextPhone());
        const { token, code } = await withCode(person, () => askStepUp(here, tokens.accessToken, PASSWORD));
        const [verified, ended] = await Promise.all([
          verifyAt(there, token, code),
          here.post('/v1/auth/logout', { refreshToken: tokens.refreshToken }),
        ]);
        expect(ended.status).toBe(204);
        expect(others([verified], ['200', '401 token_invalid'])).toEqual([]);
        expect(await alive(person)).toBe(0);
        expect(kind(await refreshAt(there, tokens))).toBe('401 token_invalid');
      }),
    RACE_TIMEOUT_MS,
  );

  it('leave no deadlock and no failed statement in the logs', () => {
    expect(databaseErrors(system)).toEqual([]);
  });
});
