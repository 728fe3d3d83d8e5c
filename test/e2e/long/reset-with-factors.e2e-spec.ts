// A71, A67, A78: whoever resets the password of an account with an app or recovery codes needs one of their codes beside the one that
// was sent. Without the right code that was sent nothing shows of any of it (A55), and nothing but it is judged.
import type { JsonObject, TokensBody } from '../../support/api-client';
import { askReset, eventsOf, forgotten, kind, meAt, NEW_PASSWORD, resetAt } from '../../support/credentials';
import { byRecoveryCode, loginToken, noticesTo, recorded, recoveryCodes, remaining } from '../../support/factors';
import { startSystem, type System } from '../../support/instance';
import { limitsOff } from '../../support/limits';
import { Person, phoneNumbers, wrongCodes } from '../../support/person';
import { AuthenticatorApp, remove } from '../../support/totp';

const nextPhone = phoneNumbers();
/** Well formed and in no set. */
const NO_CODE = 'AAAA-BBBB-CCCC-DDDD';
let system: System;

beforeAll(async () => {
  system = await startSystem({
    env: {
      ...limitsOff('LIMIT_UNAUTHENTICATED', 'LIMIT_SMS_DESTINATION', 'LIMIT_FACTOR_ADDRESS', 'LIMIT_RESET_ADDRESS'),
      LIMIT_FACTOR_ACCOUNT: '10/1h,20/1d',
      JWT_ISSUER: 'https://id.example',
    },
  });
});
afterAll(() => system.stop());

async function withBoth() {
  const person = new Person(system, nextPhone());
  const { accessToken } = await person.joined();
  const app = await AuthenticatorApp.enrolled(person, accessToken);
  return { person, accessToken, app, codes: await recoveryCodes(person, accessToken) };
}

const reset = (token: string, code: string, besides: JsonObject = {}) =>
  resetAt(system.api, token, code, NEW_PASSWORD, besides);
const withNew = ({ phone }: Person) => new Person(system, phone, NEW_PASSWORD);

async function signedIn(person: Person, app: AuthenticatorApp): Promise<TokensBody> {
  system.clock.advance(30);
  return (await person.verify(await loginToken(person), app.code(), { method: 'totp' })).body;
}

describe('the right code without a second factor', () => {
  it('is answered 403 with what is needed, and nothing is spent or changed', async () => {
    const { person, accessToken, app } = await withBoth();
    const { token, code } = await forgotten(person);
    for (let n = 0; n < 7; n += 1) {
      expect((await reset(token, code)).body).toMatchObject({
        status: 403,
        code: 'second_factor_required',
        methods: ['totp', 'recovery_code'],
      });
    }
    const { attemptsLeft, state } = await person.status(token);
    expect([attemptsLeft, state]).toEqual([5, 'pending']);
    expect((await meAt(system.api, { accessToken })).status).toBe(200);
    expect(await recorded(system, person.phone, 'otp_fail')).toBe(0);
    expect(kind(await reset(token, code, { totpCode: app.code() }))).toBe('204');
  });

  it('names what the account has: a recovery code is no help to one that has an app only', async () => {
    const person = new Person(system, nextPhone());
    const app = await AuthenticatorApp.enrolled(person, (await person.joined()).accessToken);
    const { token, code } = await forgotten(person);
    const { body } = await reset(token, code, { recoveryCode: NO_CODE });
    expect(body).toMatchObject({ status: 403, code: 'second_factor_required', methods: ['totp'] });
    expect(kind(await reset(token, code, { totpCode: app.code(), recoveryCode: NO_CODE }))).toBe('204');
  });

  it('is enough where there is none, and what is given too much is not looked at', async () => {
    const person = new Person(system, nextPhone());
    await person.joined();
    const { token, code } = await forgotten(person);
    expect(kind(await reset(token, code, { totpCode: '000000', recoveryCode: NO_CODE }))).toBe('204');
    const counted =
      'SELECT b.fails FROM failure_budgets b JOIN otp_attempts c ON c.budget_key = b.key WHERE c.phone = $1';
    const { rows } = await system.database.query<{ fails: Date[] }>(counted, [person.phone]);
    expect(rows.flatMap(({ fails }) => fails)).toEqual([]);
  });
});

describe('with a second factor', () => {
  it('A71, N2: ends all that was before, signs nobody in, leaves app and codes as they are, and holds no change back', async () => {
    const { person, accessToken, app } = await withBoth();
    const { token, code } = await forgotten(person);
    const answer = await reset(token, code, { totpCode: app.code() });
    expect([answer.status, answer.text]).toEqual([204, '']);
    expect(kind(await meAt(system.api, { accessToken }))).toBe('401 token_invalid');
    expect((await person.login()).status).toBe(401);
    const { body } = await withNew(person).login();
    expect(body.methods).toEqual(['totp', 'sms', 'recovery_code']);
    const tokens = await signedIn(withNew(person), app);
    expect(await remaining(person, tokens.accessToken)).toBe(10);
    expect(kind(await remove(person, tokens.accessToken))).toBe('204');
  });

  it('A67: a code of the app counts once, over sign-ins and resets', async () => {
    const { person, app } = await withBoth();
    expect(kind(await person.verify(await loginToken(person), app.code(), { method: 'totp' }))).toBe('200');
    const first = await forgotten(person);
    expect((await reset(first.token, first.code, { totpCode: app.code() })).body.attemptsLeft).toBe(4);
    system.clock.advance(30);
    const used = app.code();
    expect(kind(await reset(first.token, first.code, { totpCode: used }))).toBe('204');
    const again = withNew(person);
    expect(kind(await again.verify(await loginToken(again), used, { method: 'totp' }))).toBe('401 code_invalid');
  });

  it('A78: a recovery code is used up by it, and its owner is told', async () => {
    const { person, codes, app } = await withBoth();
    const first = await forgotten(person);
    const bare = codes[0]!.replaceAll('-', '');
    expect(kind(await reset(first.token, first.code, { recoveryCode: bare }))).toBe('204');
    const tokens = await signedIn(withNew(person), app);
    expect(await remaining(person, tokens.accessToken)).toBe(9);
    const names = await noticesTo(system, person.phone);
    expect(names.slice(-2).sort()).toEqual(['password_reset', 'recovery_code_used']);
    expect(await recorded(system, person.phone, 'recovery_used')).toBe(1);
    system.clock.advance(31);
    const next = await forgotten(person);
    expect(kind(await reset(next.token, next.code, { recoveryCode: codes[0] }))).toBe('401 code_invalid');
    expect(kind(await reset(next.token, next.code, { recoveryCode: codes[1] }))).toBe('204');
  });

  it('of two the app decides, and the recovery code stays', async () => {
    const { person, app, codes } = await withBoth();
    const { token, code } = await forgotten(person);
    const wrong = await reset(token, code, { totpCode: app.wrong(), recoveryCode: codes[0] });
    expect(kind(wrong)).toBe('401 code_invalid');
    expect(kind(await reset(token, code, { totpCode: app.code(), recoveryCode: codes[0] }))).toBe('204');
    const tokens = await signedIn(withNew(person), app);
    expect(await remaining(person, tokens.accessToken)).toBe(10);
  });

  it('A98: recovers an account that was idle too long for its phone alone', async () => {
    const { person, app } = await withBoth();
    system.clock.advance(91 * 86_400);
    const { token, code } = await forgotten(person);
    expect(kind(await reset(token, code, { totpCode: app.code() }))).toBe('204');
  });
});

describe('guesses', () => {
  it('without the right code look the same for everybody, and nothing but it is judged', async () => {
    const { person, app, codes } = await withBoth();
    const { token, code } = await forgotten(person);
    const unknown = nextPhone();
    const nobody = (await askReset(system.api, unknown)).body.challengeToken;
    const [wrong] = wrongCodes(code, 1);
    for (const besides of [{}, { totpCode: app.code() }, { recoveryCode: codes[0] }]) {
      const seen = await Promise.all(
        [token, nobody].map(async (each) => {
          const { status, body } = await reset(each, wrong!, besides);
          return { ...body, status, requestId: '' };
        }),
      );
      expect(seen[0]).toEqual(seen[1]);
      expect(seen[0]).toMatchObject({ code: 'code_invalid' });
    }
    const named =
      'SELECT a.user_id AS who FROM audit_log a JOIN otp_attempts c ON c.id = a.ref WHERE c.phone = $1 AND a.event = $2';
    const { rows } = await system.database.query<{ who: unknown }>(named, [unknown, 'otp_fail']);
    expect(rows).toEqual(Array(3).fill({ who: null }));
    const tokens = (await person.verify(await loginToken(person), app.code(), { method: 'totp' })).body;
    expect(await remaining(person, tokens.accessToken)).toBe(10);
    for (const bad of [{ totpCode: '12345' }, { totpCode: '1234567' }, { totpCode: 123456 }, { recoveryCode: 'abc' }]) {
      expect(kind(await reset(token, code, bad))).toBe('400 validation_failed');
    }
    expect((await person.status(token)).attemptsLeft).toBe(2);
  });

  it('of a second factor count in the challenge and in the account, with those of sign-ins, whatever is right between', async () => {
    const { person, app, codes } = await withBoth();
    const first = await forgotten(person);
    const left: unknown[] = [];
    for (let n = 0; n < 5; n += 1)
      left.push((await reset(first.token, first.code, { totpCode: app.wrong() })).body.attemptsLeft);
    expect(left).toEqual([4, 3, 2, 1, 0]);
    expect(kind(await reset(first.token, first.code, { totpCode: app.code() }))).toBe('429 challenge_locked');
    system.clock.advance(31);
    const between = await forgotten(person);
    expect(kind(await reset(between.token, between.code, { totpCode: app.code() }))).toBe('204');
    const again = withNew(person);
    const login = await loginToken(again);
    for (let n = 0; n < 5; n += 1) await byRecoveryCode(again, login, NO_CODE);
    system.clock.advance(31);
    expect(kind(await again.verify(await loginToken(again), app.code(), { method: 'totp' }))).toBe(
      '429 second_factor_locked',
    );
    const next = await forgotten(person);
    const closed = await reset(next.token, next.code, { totpCode: app.code() });
    expect(kind(closed)).toBe('429 second_factor_locked');
    expect(Number(closed.headers.get('retry-after'))).toBeGreaterThan(3000);
    for (const besides of [{ totpCode: app.wrong() }, { recoveryCode: codes[0] }])
      expect(kind(await reset(next.token, next.code, besides))).toBe('429 second_factor_locked');
    // Who does not have the phone is told nothing of it.
    expect(kind(await reset(next.token, wrongCodes(next.code, 1)[0]!, { totpCode: app.code() }))).toBe(
      '401 code_invalid',
    );
    system.clock.advance(3600);
    const later = await forgotten(person);
    expect(kind(await reset(later.token, later.code, { totpCode: app.code() }))).toBe('204');
  });

  it('RL-2, RL-4: after a hundred in a row the app opens nothing, a recovery code does, and then both do', async () => {
    const { person, app, codes } = await withBoth();
    await person.alter('second_factor_consecutive = 99');
    const first = await forgotten(person);
    expect(kind(await reset(first.token, first.code, { totpCode: app.wrong() }))).toBe('401 code_invalid');
    expect(kind(await reset(first.token, first.code, { totpCode: app.code() }))).toBe('429 second_factor_locked');
    expect(kind(await reset(first.token, first.code, { recoveryCode: codes[0] }))).toBe('204');
    system.clock.advance(31);
    const next = await forgotten(person);
    expect(kind(await reset(next.token, next.code, { totpCode: app.code() }))).toBe('204');
    const events = (await eventsOf(system, person.phone)).filter((event) => event === 'password_reset_completed');
    expect(events).toHaveLength(2);
  });
});

it('an app that is added after the code was asked for is needed no less', async () => {
  const person = new Person(system, nextPhone());
  const { accessToken } = await person.joined();
  const { token, code } = await forgotten(person);
  await recoveryCodes(person, accessToken);
  expect(kind(await resetAt(system.api, token, code))).toBe('403 second_factor_required');
});
