// A78: recovery codes. Ten, shown once, kept as hashes, used once each in place of the phone; a new set ends the old one.
import type { TokensBody } from '../support/api-client';
import { askStepUp, claimsOf, forgotten, kind, NEW_PASSWORD, resetAt } from '../support/credentials';
import { everyTable } from '../support/dump';
import {
  alive,
  byRecoveryCode,
  loginToken,
  makeRecoveryCodes,
  noticesTo,
  recorded,
  recoveryCodes,
  remaining,
} from '../support/factors';
import { startSystem, type System } from '../support/instance';
import { limitsOff } from '../support/limits';
import { Person, phoneNumbers, wrongCodes } from '../support/person';
import { AuthenticatorApp } from '../support/totp';

const nextPhone = phoneNumbers();
let system: System;

beforeAll(async () => {
  const env = {
    ...limitsOff('LIMIT_UNAUTHENTICATED', 'LIMIT_SMS_DESTINATION', 'LIMIT_FACTOR_ADDRESS'),
    LIMIT_FACTOR_ACCOUNT: '10/1h,20/1d',
  };
  system = await startSystem({ env });
});
afterAll(() => system.stop());

async function withCodes(): Promise<{ person: Person; tokens: TokensBody; codes: readonly string[] }> {
  const person = new Person(system, nextPhone());
  const tokens = await person.joined();
  return { person, tokens, codes: await recoveryCodes(person, tokens.accessToken) };
}

/** Well formed and in no set. */
const WRONG = 'AAAA-BBBB-CCCC-DDDD';

describe('a set', () => {
  // ASVS 6.5.2
  it('A78: is ten codes, shown once; no table and no log holds one', async () => {
    const { person, tokens, codes } = await withCodes();
    expect(new Set(codes).size).toBe(10);
    for (const code of codes) expect(code).toMatch(/^[A-Z2-7]{4}(-[A-Z2-7]{4}){3}$/);
    expect(await remaining(person, tokens.accessToken)).toBe(10);
    const places = [await everyTable(system), system.logs()].join('\n');
    for (const code of codes) {
      expect(places).not.toContain(code);
      expect(places).not.toContain(code.replaceAll('-', ''));
    }
    const { rows } = await system.database.query<{ salt: string; unused: string[] }>(
      'SELECT salt, unused FROM recovery_codes',
    );
    for (const { salt, unused } of rows) {
      expect(salt).toMatch(/^\$2b\$\d\d\$[./A-Za-z0-9]{22}$/);
      for (const hash of unused) expect(hash).toMatch(/^\$2b\$\d\d\$[./A-Za-z0-9]{53}$/);
    }
    expect(new Set(rows.map(({ salt }) => salt)).size).toBe(rows.length);
    expect(await noticesTo(system, person.phone)).toEqual(['recovery_codes_made']);
  });

  it('A78: a new one ends the old one, and nothing else', async () => {
    const { person, tokens, codes } = await withCodes();
    const fresh = await recoveryCodes(person, tokens.accessToken);
    expect(await alive(person, tokens.accessToken)).toBe(true);
    const token = await loginToken(person);
    expect(kind(await byRecoveryCode(person, token, codes[0]!))).toBe('401 code_invalid');
    expect(kind(await byRecoveryCode(person, token, fresh[0]!))).toBe('200');
    expect(await recorded(system, person.phone, 'recovery_generated')).toBe(2);
  });

  it('is made by somebody who has just proved both factors, five times an hour', async () => {
    const { person, tokens } = await withCodes();
    for (let set = 2; set <= 5; set += 1) expect(kind(await makeRecoveryCodes(person, tokens.accessToken))).toBe('201');
    const { status, body, headers } = await makeRecoveryCodes(person, tokens.accessToken);
    expect([status, body.code]).toEqual([429, 'rate_limited']);
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(3000);
    expect(await remaining(person, tokens.accessToken)).toBe(10);

    const other = await withCodes();
    system.clock.advance(10 * 60);
    const { accessToken } = (
      await system.api.post<TokensBody>('/v1/auth/token/refresh', { refreshToken: other.tokens.refreshToken })
    ).body;
    expect(kind(await makeRecoveryCodes(other.person, accessToken))).toBe('403 step_up_required');
    expect(await remaining(other.person, accessToken)).toBe(10);
  });
});

describe('a sign-in with a code', () => {
  // NIST BAA-1
  it('A78: works once, in place of the phone, and tells how many are left', async () => {
    const { person, codes } = await withCodes();
    const { body } = await person.login();
    expect(body.methods).toEqual(['sms', 'recovery_code']);
    const answer = await byRecoveryCode(person, body.challengeToken, codes[3]!);
    expect(answer.body).toMatchObject({ recoveryCodesLeft: 9, user: { secondFactors: ['sms', 'recovery_code'] } });
    expect(claimsOf(answer.body)).toMatchObject({ amr: ['pwd', 'rc', 'mfa'], acr: 'aal2' });
    expect(await remaining(person, answer.body.accessToken)).toBe(9);
    system.clock.advance(31);
    const again = await loginToken(person);
    expect(kind(await byRecoveryCode(person, again, codes[3]!))).toBe('401 code_invalid');
    const bare = await byRecoveryCode(person, again, codes[4]!.replaceAll('-', ''));
    expect(bare.body).toMatchObject({ recoveryCodesLeft: 8 });
    expect(await recorded(system, person.phone, 'recovery_used')).toBe(2);
  });

  it('A42: ends every other session and every other challenge of the account, and its owner is told', async () => {
    const { person, tokens, codes } = await withCodes();
    const stepUp = await askStepUp(person.api, tokens.accessToken, person.password);
    const { body } = await byRecoveryCode(person, await loginToken(person), codes[0]!);
    expect(await alive(person, tokens.accessToken)).toBe(false);
    expect(await alive(person, body.accessToken)).toBe(true);
    const refreshed = await system.api.post('/v1/auth/token/refresh', { refreshToken: tokens.refreshToken });
    expect(refreshed.status).toBe(401);
    expect((await person.status(stepUp.body.challengeToken)).state).toBe('superseded');
    const renewed = await system.api.post('/v1/auth/token/refresh', { refreshToken: body.refreshToken });
    expect(renewed.status).toBe(200);
    expect(await noticesTo(system, person.phone)).toEqual(['recovery_codes_made', 'recovery_code_used']);
  });

  it('A78: with fewer than three left the notice says so; with none left it is no method any more', async () => {
    const { person, tokens, codes } = await withCodes();
    const keep = (count: number) =>
      system.database.query(
        `WITH cut AS (UPDATE recovery_codes r SET unused = r.unused[1:${count}] FROM users u WHERE u.id = r.user_id AND u.phone = $1 RETURNING u.id)
         UPDATE users u SET recovery_codes_left = ${count} FROM cut WHERE u.id = cut.id`,
        [person.phone],
      );
    await keep(3);
    expect(await remaining(person, tokens.accessToken)).toBe(3);
    const few = await byRecoveryCode(person, await loginToken(person), codes[0]!);
    expect(few.body).toMatchObject({ recoveryCodesLeft: 2 });
    system.clock.advance(31);
    await byRecoveryCode(person, await loginToken(person), codes[1]!);
    system.clock.advance(31);
    const last = await byRecoveryCode(person, await loginToken(person), codes[2]!);
    expect(last.body).toMatchObject({ recoveryCodesLeft: 0, user: { secondFactors: ['sms'] } });
    system.clock.advance(31);
    expect((await person.login()).body.methods).toEqual(['sms']);
    const names = await noticesTo(system, person.phone);
    expect(names).toEqual(['recovery_codes_made', 'recovery_codes_few', 'recovery_codes_few', 'recovery_codes_few']);
  });

  it('A78: wrong codes count with those of every other method, and other spellings not at all', async () => {
    const { person, codes } = await withCodes();
    const { token, code } = await person.challenged('login');
    for (const other of [codes[0]!.toLowerCase(), ` ${codes[0]}`, codes[0]!.slice(1), '123456', `${codes[0]}-AAAA`]) {
      expect(kind(await byRecoveryCode(person, token, other))).toBe('400 validation_failed');
    }
    const answers = [await byRecoveryCode(person, token, WRONG), await person.verify(token, wrongCodes(code, 1)[0])];
    for (let n = 0; n < 3; n += 1) answers.push(await byRecoveryCode(person, token, WRONG));
    expect(answers.map(({ body }) => body.attemptsLeft)).toEqual([4, 3, 2, 1, 0]);
    expect(kind(await byRecoveryCode(person, token, codes[0]!))).toBe('429 challenge_locked');
    system.clock.advance(31);
    const next = await loginToken(person);
    for (let n = 0; n < 5; n += 1) await byRecoveryCode(person, next, WRONG);
    system.clock.advance(31);
    expect(kind(await byRecoveryCode(person, await loginToken(person), codes[0]!))).toBe('429 second_factor_locked');
    const left = 'SELECT recovery_codes_left AS n FROM users WHERE phone = $1';
    expect((await system.database.query(left, [person.phone])).rows).toEqual([{ n: 10 }]);
  });

  it('RL-4: reopens the second factor when a hundred failures in a row have locked it', async () => {
    const { person, codes } = await withCodes();
    await person.alter('second_factor_consecutive = 100');
    const { challengeToken: token } = (await person.login()).body;
    expect(kind(await person.verify(token, '123456'))).toBe('429 second_factor_locked');
    expect(kind(await byRecoveryCode(person, token, codes[0]!))).toBe('200');
    system.clock.advance(31);
    const { token: next, code } = await person.challenged('login');
    expect(kind(await person.verify(next, code))).toBe('200');
  });

  it('is no step-up, and none for an account without a set', async () => {
    const { person, tokens, codes } = await withCodes();
    const { body } = await askStepUp(person.api, tokens.accessToken, person.password);
    expect(body.methods).toEqual(['sms']);
    expect(kind(await byRecoveryCode(person, body.challengeToken, codes[0]!))).toBe('400 validation_failed');
    const without = new Person(system, nextPhone());
    const { accessToken } = await without.joined();
    expect(await remaining(without, accessToken)).toBe(0);
    expect(kind(await byRecoveryCode(without, await loginToken(without), WRONG))).toBe('400 validation_failed');
    const app = await AuthenticatorApp.enrolled(without, accessToken);
    expect((await without.login()).body.methods).toEqual(['totp', 'sms']);
    expect(app.secret).toHaveLength(32);
  });
});

// More of it: long/reset-with-factors.e2e-spec.ts.
it('A71: the phone alone resets no password of an account that has an app or recovery codes; with one of their codes it does', async () => {
  const { person: withSet, codes } = await withCodes();
  const withApp = new Person(system, nextPhone());
  const app = await AuthenticatorApp.enrolled(withApp, (await withApp.joined()).accessToken);
  for (const [person, method, besides] of [
    [withSet, 'recovery_code', { recoveryCode: codes[0] }],
    [withApp, 'totp', { totpCode: app.code() }],
  ] as const) {
    const { token, code } = await forgotten(person);
    expect((await resetAt(system.api, token, code)).body).toMatchObject({
      status: 403,
      code: 'second_factor_required',
      methods: [method],
    });
    expect((await person.login()).status).toBe(200);
    expect(kind(await resetAt(system.api, token, code, NEW_PASSWORD, besides))).toBe('204');
    expect((await person.login()).status).toBe(401);
  }
});
