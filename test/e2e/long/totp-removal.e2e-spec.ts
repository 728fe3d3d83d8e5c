// An authenticator app that is changed or taken away: only by somebody who has proved both factors, and what is stored opens nothing (A42, A100).
import type { TokensBody } from '../../support/api-client';
import { askStepUp, claimsOf, kind } from '../../support/credentials';
import { everyTable } from '../../support/dump';
import { alive, loginToken, noticesTo, recorded, recoveryCodes } from '../../support/factors';
import { startSystem, type System } from '../../support/instance';
import { newcomer, PASSWORD, type Person, phoneNumbers } from '../../support/person';
import { AuthenticatorApp, confirm, enrol, remove } from '../../support/totp';

const nextPhone = phoneNumbers();
const MINUTES = 60;
let system: System;

beforeAll(async () => {
  const env = { LIMIT_UNAUTHENTICATED: 'off', LIMIT_SMS_DESTINATION: 'off', LIMIT_FACTOR_ADDRESS: 'off' };
  system = await startSystem({ env: { ...env, JWT_ISSUER: 'https://id.example' } });
});
afterAll(() => system.stop());

async function withApp(): Promise<{ person: Person; tokens: TokensBody; app: AuthenticatorApp }> {
  const { person, tokens } = await newcomer(system, nextPhone());
  return { person, tokens, app: await AuthenticatorApp.enrolled(person, tokens.accessToken) };
}

const byApp = (person: Person, token: string, code: string) => person.verify(token, code, { method: 'totp' });

describe('step-up', () => {
  // ASVS 7.5.1, 7.5.3
  it('A100: an app is changed only by somebody who has just proved both factors; its code is one of them', async () => {
    const { person, tokens, app } = await withApp();
    system.clock.advance(10 * MINUTES);
    const { accessToken } = (
      await system.api.post<TokensBody>('/v1/auth/token/refresh', { refreshToken: tokens.refreshToken })
    ).body;
    for (const refused of [
      await enrol(person, accessToken),
      await confirm(person, accessToken, app.code()),
      await remove(person, accessToken),
    ]) {
      expect(kind(refused)).toBe('403 step_up_required');
    }
    const { body } = await askStepUp(person.api, accessToken, person.password);
    expect(body).toMatchObject({ purpose: 'step_up', methods: ['totp', 'sms'], resendAfter: 0 });
    const proved = await byApp(person, body.challengeToken, app.code());
    expect(claimsOf(proved.body)).toMatchObject({ amr: ['pwd', 'otp', 'mfa'], sid: claimsOf(tokens)['sid'] });
    expect(kind(await byApp(person, await loginToken(person), app.code()))).toBe('401 code_invalid');
    expect(kind(await remove(person, proved.body.accessToken))).toBe('204');
  });
});

describe('its end', () => {
  // ASVS 6.5.6
  it('A42: sign-in is by message again, this session stays, every other ends, its codes open nothing, its owner is told', async () => {
    const { person, tokens, app } = await withApp();
    const other = (await byApp(person, await loginToken(person), app.code())).body;
    const pending = await loginToken(person);
    expect(kind(await remove(person, tokens.accessToken))).toBe('204');
    expect([await alive(person, tokens.accessToken), await alive(person, other.accessToken)]).toEqual([true, false]);
    expect(kind(await byApp(person, pending, app.code(1)))).toBe('401 code_expired');
    const { token } = await person.challenged('login');
    expect(kind(await byApp(person, token, app.code(1)))).toBe('400 validation_failed');
    expect(kind(await remove(person, tokens.accessToken))).toBe('404 not_found');
    expect(await noticesTo(system, person.phone)).toEqual(['totp_enabled', 'totp_disabled']);
    expect(await recorded(system, person.phone, 'totp_removed')).toBe(1);
  });
});

describe('of an account without a number, where no mail is sent', () => {
  it('A98: neither its app nor its address can be taken away while nothing else lets its owner in', async () => {
    const { person, tokens } = await withApp();
    const address = `former-${person.phone.slice(1)}@mail.example`;
    const lost = 'UPDATE users SET phone = NULL, email = $2, email_verified_at = created_at WHERE id = $1';
    await system.database.query(lost, [tokens.user['id'], address]);
    const token = tokens.accessToken;
    const refused = await remove(person, token);
    expect([kind(refused), refused.body]).toMatchObject([
      '409 conflict',
      { errors: [{ pointer: '/totp', code: 'last_way_in' }] },
    ]);
    const noted = await system.api.post('/v1/users/me/email', { email: `other-${address}` }, { token });
    expect([kind(noted), noted.body]).toMatchObject([
      '409 conflict',
      { errors: [{ pointer: '/email', code: 'last_way_in' }] },
    ]);
    expect((await system.api.get('/v1/users/me', { token })).body).toMatchObject({
      email: address,
      emailVerified: true,
      secondFactors: ['totp'],
    });
    await recoveryCodes(person, token);
    expect(kind(await remove(person, token))).toBe('204');
    const login = await system.api.post<{ methods: string[] }>('/v1/auth/login', {
      identifier: address,
      password: PASSWORD,
    });
    expect(login.body.methods).toEqual(['recovery_code']);
  });
});

describe('at rest', () => {
  it('no table and no log holds a secret, whatever it is written as', async () => {
    const { app } = await withApp();
    const places = [await everyTable(system), system.logs()].join('\n').toLowerCase();
    const bytes = app.bytes();
    for (const spelling of [app.secret, bytes.toString('hex'), bytes.toString('base64'), bytes.toString('base64url')]) {
      expect(places).not.toContain(spelling.toLowerCase());
    }
  });

  // ASVS 11.2.5
  it('11.2.5: a secret that was changed in the table, or moved from another account, opens nothing', async () => {
    const [mine, theirs] = [await withApp(), await withApp()];
    const set = (value: string, { phone }: Person) =>
      system.database.query(
        `UPDATE totp_secrets SET secret_sealed = ${value} WHERE user_id = (SELECT id FROM users WHERE phone = $1)`,
        [phone],
      );
    await set(
      `(SELECT t.secret_sealed FROM totp_secrets t JOIN users u ON u.id = t.user_id WHERE u.phone = '${theirs.person.phone}')`,
      mine.person,
    );
    await set(
      'set_byte(secret_sealed, length(secret_sealed) - 1, get_byte(secret_sealed, length(secret_sealed) - 1) # 1)',
      theirs.person,
    );
    for (const [{ person }, app] of [
      [mine, theirs.app],
      [mine, mine.app],
      [theirs, theirs.app],
    ] as const) {
      expect((await byApp(person, await loginToken(person), app.code())).body).toMatchObject({
        code: 'code_invalid',
        attemptsLeft: 4,
      });
    }
    expect(await recorded(system, mine.person.phone, 'crypt_decrypt_fail')).toBe(2);
    expect(await recorded(system, theirs.person.phone, 'crypt_decrypt_fail')).toBe(1);
  });

  it('one that is sealed under a key that this instance lacks: nothing is judged, and it tells when to come back', async () => {
    const { person, app } = await withApp();
    const token = await loginToken(person);
    // The key's name begins at the third byte.
    await system.database.query(
      'UPDATE totp_secrets SET secret_sealed = set_byte(secret_sealed, 2, get_byte(secret_sealed, 2) # 1)',
    );
    const answer = await byApp(person, token, app.code());
    expect([kind(answer), Number(answer.headers.get('retry-after')) >= 5]).toEqual(['503 not_ready', true]);
    expect((await person.status(token)).attemptsLeft).toBe(5);
  });
});
