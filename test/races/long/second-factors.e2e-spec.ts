// A67, A78: the same code of an app, the same recovery code, many times at the same moment on two instances: one is accepted. What
// counts is what the database holds afterwards.
import { byRecoveryCode, loginToken, makeRecoveryCodes, recorded, recoveryCodes } from '../../support/factors';
import { askStepUp, forgotten, kind, NEW_PASSWORD, resetAt } from '../../support/credentials';
import { startSystem, type System } from '../../support/instance';
import { brokenRules } from '../../support/ledger';
import { Person, phoneNumbers } from '../../support/person';
import { AuthenticatorApp, confirm, enrol, remove } from '../../support/totp';
import {
  burst,
  BUSY,
  databaseErrors,
  LIMITS_OFF,
  numberOf,
  others,
  RACE_TIMEOUT_MS,
  rounds,
  sessionsOf,
  tally,
  untilMet,
  untilWaiting,
} from '../burst';

const PARALLEL = 20;
/** Of a query with the person's number. */
const EPOCH = 'SELECT auth_epoch AS n FROM users WHERE phone = $1';

describe('second factors at the same moment on two instances', () => {
  const nextPhone = phoneNumbers();
  let system: System;

  beforeAll(async () => {
    system = await startSystem({
      instances: 2,
      env: { ...LIMITS_OFF, LIMIT_SMS_DESTINATION: '100/1h', JWT_ISSUER: 'https://id.example' },
    });
  });
  afterAll(() => system.stop());

  async function withApp() {
    const person = new Person(system, nextPhone());
    const tokens = await person.joined();
    return { person, tokens, app: await AuthenticatorApp.enrolled(person, tokens.accessToken) };
  }

  const verifyAt = (person: Person, index: number, challengeToken: string, code: string, method: string) =>
    new Person(system, person.phone, person.password, system.apis[index % 2]).verify(challengeToken, code, { method });

  it(
    'A67: one code of an app, for a sign-in and a step-up that both wait for it, opens one of them once',
    () =>
      rounds(5, async () => {
        const { person, tokens, app } = await withApp();
        const challenges = [
          await loginToken(person),
          (await askStepUp(person.api, tokens.accessToken, person.password)).body.challengeToken,
        ];
        const before = await sessionsOf(system, person.phone);
        const code = app.code();
        const answers = await burst(system, PARALLEL, (_, index) =>
          verifyAt(person, index, challenges[Math.floor(index / 2) % 2] ?? '', code, 'totp'),
        );
        expect(tally(answers)['200']).toBe(1);
        expect(
          others(answers, ['200', '401 code_invalid', '401 code_expired', '429 challenge_locked', ...BUSY]),
        ).toEqual([]);
        const successes =
          (await recorded(system, person.phone, 'otp_success')) + (await recorded(system, person.phone, 'step_up'));
        expect(successes).toBe(1);
        expect((await sessionsOf(system, person.phone)) - before).toBeLessThanOrEqual(1);
      }),
    RACE_TIMEOUT_MS,
  );

  it(
    'A78: one recovery code is taken once, and two codes for one sign-in cost one',
    () =>
      rounds(5, async () => {
        const person = new Person(system, nextPhone());
        const { accessToken } = await person.joined();
        const codes = await recoveryCodes(person, accessToken);
        const token = await loginToken(person);
        const answers = await burst(system, PARALLEL, (_, index) =>
          verifyAt(person, index, token, codes[Math.floor(index / 2) % 2] ?? '', 'recovery_code'),
        );
        expect(tally(answers)['200']).toBe(1);
        expect(others(answers, ['200', '401 code_expired', ...BUSY])).toEqual([]);
        const left =
          'SELECT cardinality(unused) AS n FROM recovery_codes r JOIN users u ON u.id = r.user_id WHERE u.phone = $1';
        expect(await numberOf(system, left, [person.phone])).toBe(9);
        expect(await recorded(system, person.phone, 'recovery_used')).toBe(1);
        expect(await numberOf(system, EPOCH, [person.phone])).toBe(1);
      }),
    RACE_TIMEOUT_MS,
  );

  it(
    'N9: a recovery code that waits while the code by message is accepted is not used up',
    () =>
      rounds(3, () =>
        untilMet(async () => {
          const person = new Person(system, nextPhone());
          const codes = await recoveryCodes(person, (await person.joined()).accessToken);
          const { token, code } = await person.challenged('login');
          const client = await system.database.connect();
          try {
            await client.query('BEGIN');
            await client.query('SELECT FROM users WHERE phone = $1 FOR UPDATE', [person.phone]);
            const byMessage = verifyAt(person, 0, token, code, 'sms');
            await untilWaiting(system, 1);
            const second = verifyAt(person, 1, token, codes[0] ?? '', 'recovery_code');
            await untilWaiting(system, 2);
            await client.query('COMMIT');
            expect([kind(await byMessage), kind(await second)]).toEqual(['200', '401 code_expired']);
          } finally {
            await client.query('ROLLBACK');
            client.release();
          }
          const left = `SELECT cardinality(r.unused) * 100 + u.recovery_codes_left AS n FROM recovery_codes r JOIN users u ON u.id = r.user_id WHERE u.phone = $1`;
          expect(await numberOf(system, left, [person.phone])).toBe(1010);
          expect(await recorded(system, person.phone, 'recovery_used')).toBe(0);
        }),
      ),
    RACE_TIMEOUT_MS,
  );

  it(
    'A67, A71: one code of an app, for a sign-in and two resets that all wait for it, opens one of them once',
    () =>
      rounds(5, async () => {
        const { person, app } = await withApp();
        const resets = [await forgotten(person)];
        system.clock.advance(31);
        resets.push(await forgotten(person));
        const token = await loginToken(person);
        const code = app.code();
        const answers = await burst(system, PARALLEL, (api, index) => {
          const reset = resets[Math.floor(index / 2) % 3];
          if (reset === undefined) return verifyAt(person, index, token, code, 'totp');
          return resetAt(api, reset.token, reset.code, NEW_PASSWORD, { totpCode: code });
        });
        const done = tally(answers);
        expect((done['200'] ?? 0) + (done['204'] ?? 0)).toBe(1);
        const refusals = ['401 code_invalid', '401 code_expired', '429 challenge_locked'];
        expect(others(answers, ['200', '204', ...refusals, ...BUSY])).toEqual([]);
        expect(await recorded(system, person.phone, 'otp_success')).toBe(1);
      }),
    RACE_TIMEOUT_MS,
  );

  it(
    'A71, A78: two recovery codes for one reset cost one, and the password is reset once',
    () =>
      rounds(5, async () => {
        const person = new Person(system, nextPhone());
        const codes = await recoveryCodes(person, (await person.joined()).accessToken);
        const { token, code } = await forgotten(person);
        const answers = await burst(system, PARALLEL, (api, index) =>
          resetAt(api, token, code, NEW_PASSWORD, { recoveryCode: codes[Math.floor(index / 2) % 2] }),
        );
        expect(tally(answers)['204']).toBe(1);
        expect(others(answers, ['204', '401 code_expired', ...BUSY])).toEqual([]);
        const left = 'SELECT recovery_codes_left AS n FROM users WHERE phone = $1';
        expect(await numberOf(system, left, [person.phone])).toBe(9);
        expect(await recorded(system, person.phone, 'recovery_used')).toBe(1);
        expect(await numberOf(system, EPOCH, [person.phone])).toBe(1);
      }),
    RACE_TIMEOUT_MS,
  );

  it(
    'an enrolment is confirmed once, and ended once',
    () =>
      rounds(3, async () => {
        const person = new Person(system, nextPhone());
        const { accessToken } = await person.joined();
        const app = new AuthenticatorApp(person, (await enrol(person, accessToken)).body.secret);
        const code = app.code();
        const at = (index: number) => new Person(system, person.phone, person.password, system.apis[index % 2]);
        const confirmed = await burst(system, PARALLEL, (_, index) => confirm(at(index), accessToken, code));
        expect(tally(confirmed)['204']).toBe(1);
        expect(others(confirmed, ['204', '401 code_expired', '409 conflict', ...BUSY])).toEqual([]);
        expect(await numberOf(system, EPOCH, [person.phone])).toBe(1);
        const removed = await burst(system, PARALLEL, (_, index) => remove(at(index), accessToken));
        expect(tally(removed)['204']).toBe(1);
        expect(others(removed, ['204', '404 not_found', ...BUSY])).toEqual([]);
        expect(await numberOf(system, EPOCH, [person.phone])).toBe(2);
        expect(await recorded(system, person.phone, 'totp_enrolled')).toBe(1);
        expect(await recorded(system, person.phone, 'totp_removed')).toBe(1);
      }),
    RACE_TIMEOUT_MS,
  );

  it(
    'A78: a new set against a code of the old one: whichever comes first, the account holds one whole set or the old one less a code',
    () =>
      rounds(3, async () => {
        const person = new Person(system, nextPhone());
        const { accessToken } = await person.joined();
        const codes = await recoveryCodes(person, accessToken);
        const token = await loginToken(person);
        const [made, used] = await Promise.all([
          makeRecoveryCodes(person, accessToken),
          verifyAt(person, 1, token, codes[0] ?? '', 'recovery_code'),
        ]);
        expect(['201', '401 token_invalid', ...BUSY]).toContain(kind(made));
        expect(['200', '401 code_invalid', ...BUSY]).toContain(kind(used));
        const left = await numberOf(system, 'SELECT recovery_codes_left AS n FROM users WHERE phone = $1', [
          person.phone,
        ]);
        expect(left).toBe(made.status === 201 ? 10 : 9);
        if (made.status !== 201) return;
        system.clock.advance(31);
        expect(kind(await byRecoveryCode(person, await loginToken(person), made.body.codes[9] ?? ''))).toBe('200');
      }),
    RACE_TIMEOUT_MS,
  );

  it('leaves no deadlock, no failed statement and no account at odds with its factors', async () => {
    expect(databaseErrors(system)).toEqual([]);
    expect(await brokenRules(system.database)).toEqual({});
  });
});
