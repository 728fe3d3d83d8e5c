// An authenticator app as the second factor: enrolment and sign-in, on two instances.
import { allRun, JOBS } from '../support/queue';
import type { ApiClient, TokensBody } from '../support/api-client';
import { claimsOf, kind } from '../support/credentials';
import { alive, codeSentFor, loginToken, messageLike, noticesTo, recorded } from '../support/factors';
import { startSystem, type System } from '../support/instance';
import { limitsOff } from '../support/limits';
import { newcomer, Person, phoneNumbers, wrongCodes } from '../support/person';
import { readQr } from '../support/qr-reader';
import { AuthenticatorApp, confirm, enrol } from '../support/totp';

const nextPhone = phoneNumbers();
const MINUTES = 60;
const STEP_SECONDS = 30;
let system: System;
let there: ApiClient;

beforeAll(async () => {
  const env = {
    ...limitsOff('LIMIT_UNAUTHENTICATED', 'LIMIT_SMS_DESTINATION', 'LIMIT_FACTOR_ADDRESS'),
    LIMIT_FACTOR_ACCOUNT: '10/1h,20/1d',
  };
  system = await startSystem({ instances: 2, env: { ...env, JWT_ISSUER: 'https://id.example' } });
  there = system.apis[1]!;
});
afterAll(() => system.stop());

async function withApp(): Promise<{ person: Person; tokens: TokensBody; app: AuthenticatorApp }> {
  const { person, tokens } = await newcomer(system, nextPhone());
  return { person, tokens, app: await AuthenticatorApp.enrolled(person, tokens.accessToken) };
}

const byApp = (person: Person, token: string, code: string) => person.verify(token, code, { method: 'totp' });

async function failuresOf({ phone }: Person): Promise<number> {
  const sql = 'SELECT cardinality(second_factor_fails) AS n FROM users WHERE phone = $1';
  return (await system.database.query<{ n: number }>(sql, [phone])).rows[0]?.n ?? -1;
}

describe('enrolment', () => {
  it('shows the secret once: as text, as a link, and as a picture that a camera reads the link from', async () => {
    const { person, tokens } = await newcomer(system, nextPhone());
    const { status, headers, body } = await enrol(person, tokens.accessToken);
    expect([status, headers.get('cache-control')]).toEqual([201, 'no-store']);
    expect(body.secret).toMatch(/^[A-Z2-7]{32}$/);
    const url = new URL(body.otpauthUrl);
    expect([url.protocol, url.host]).toEqual(['otpauth:', 'totp']);
    const label = `Latchkey:+1******${person.phone.slice(-4)}`;
    expect(decodeURIComponent(url.pathname.slice(1))).toBe(label);
    const settings = { secret: body.secret, issuer: 'Latchkey', algorithm: 'SHA1', digits: '6', period: '30' };
    expect(Object.fromEntries(url.searchParams)).toEqual(settings);
    expect(readQr(body.qrSvg)).toBe(body.otpauthUrl);
    expect(body.qrSvg).not.toMatch(/script|style|href|url\(/);
  });

  it('A11: counts only once its first code was right; until then sign-in is as before', async () => {
    const { person, tokens } = await newcomer(system, nextPhone());
    const { accessToken } = tokens;
    expect(kind(await confirm(person, accessToken, '123456'))).toBe('409 conflict');
    const old = new AuthenticatorApp(person, (await enrol(person, accessToken)).body.secret);
    expect((await person.login()).body.methods).toEqual(['sms']);
    const app = new AuthenticatorApp(person, (await enrol(person, accessToken)).body.secret);
    expect(kind(await confirm(person, accessToken, old.code()))).toBe('401 code_invalid');
    expect(kind(await confirm(person, accessToken, app.code()))).toBe('204');
    expect((await person.login()).body.methods).toEqual(['totp', 'sms']);
    for (const again of [await enrol(person, accessToken), await confirm(person, accessToken, app.code(1))]) {
      expect(kind(again)).toBe('409 conflict');
    }
    expect(await recorded(system, person.phone, 'totp_enrolled')).toBe(1);
  });

  it('ends after five wrong codes, or after 10 minutes', async () => {
    const { person, tokens } = await newcomer(system, nextPhone());
    const app = new AuthenticatorApp(person, (await enrol(person, tokens.accessToken)).body.secret);
    for (const attemptsLeft of [4, 3, 2, 1, 0]) {
      const answer = await confirm(person, tokens.accessToken, app.wrong());
      expect(answer.body).toMatchObject({ code: 'code_invalid', attemptsLeft });
    }
    expect(kind(await confirm(person, tokens.accessToken, app.code()))).toBe('401 code_expired');
    expect(await failuresOf(person)).toBe(0);

    const slow = await newcomer(system, nextPhone());
    const late = new AuthenticatorApp(slow.person, (await enrol(slow.person, slow.tokens.accessToken)).body.secret);
    system.clock.advance(9 * MINUTES);
    const { accessToken } = await slow.person.again();
    system.clock.advance(61);
    expect(kind(await confirm(slow.person, accessToken, late.code()))).toBe('409 conflict');
  });

  // ASVS 6.3.7
  it('A42: this session stays, every other and every pending sign-in ends, and its owner is told', async () => {
    const { person, tokens } = await newcomer(system, nextPhone());
    const other = await person.again();
    const pending = await person.challenged('login');
    await AuthenticatorApp.enrolled(person, tokens.accessToken);
    expect(await alive(person, tokens.accessToken)).toBe(true);
    expect(await alive(person, other.accessToken)).toBe(false);
    expect(kind(await person.verify(pending.token, pending.code))).toBe('401 code_expired');
    const renewed = await there.post<TokensBody>('/v1/auth/token/refresh', { refreshToken: tokens.refreshToken });
    expect(renewed.body.user['secondFactors']).toEqual(['totp', 'sms']);
    expect(await noticesTo(system, person.phone)).toEqual(['totp_enabled']);
  });
});

describe('sign-in', () => {
  it('takes the code of the app, and no message is sent', async () => {
    const { person, app } = await withApp();
    await allRun(system);
    const before = (await system.phone.messages(person.phone)).filter(({ code }) => code !== null).length;
    const { body } = await person.login();
    expect(body).toMatchObject({ methods: ['totp', 'sms'], resendAfter: 0, attemptsLeft: 5 });
    const status = await person.status(body.challengeToken);
    expect(status).toMatchObject({ delivery: 'none', deliveryUpdatedAt: null, next: ['verify', 'resend_sms'] });
    const { status: ok, body: tokens } = await byApp(person, body.challengeToken, app.code());
    expect(ok).toBe(200);
    expect(claimsOf(tokens)).toMatchObject({ amr: ['pwd', 'otp', 'mfa'], acr: 'aal2' });
    expect(tokens.user['secondFactors']).toEqual(['totp', 'sms']);
    expect((await person.status(body.challengeToken)).state).toBe('verified');
    const { rows } = await system.database.query(`SELECT FROM ${JOBS} WHERE key LIKE 'sms:%'`);
    expect(rows).toEqual([]);
    expect((await system.phone.messages(person.phone)).filter(({ code }) => code !== null)).toHaveLength(before);
  });

  it('A67: a code counts once, the one it was confirmed with included; one step to either side counts, two do not', async () => {
    const { person, tokens } = await newcomer(system, nextPhone());
    const first = new AuthenticatorApp(person, (await enrol(person, tokens.accessToken)).body.secret);
    const used = first.code();
    await confirm(person, tokens.accessToken, used);
    expect(kind(await byApp(person, await loginToken(person), used))).toBe('401 code_invalid');

    const { person: other, app } = await withApp();
    // To the beginning of a step: what `one behind` means has to stay for all of them.
    const intoStep = (system.clock.now().getTime() / 1000) % STEP_SECONDS;
    system.clock.advance(5 * MINUTES - intoStep);
    const results: Record<string, string> = {};
    for (const step of [-2, 2, -1, 0, 0, -1, 1, 1]) {
      const answer = await byApp(other, await loginToken(other), app.code(step));
      results[`${Object.keys(results).length + 1}: step ${step}`] = kind(answer);
    }
    expect(Object.values(results)).toEqual([
      '401 code_invalid', // two steps behind
      '401 code_invalid', // two ahead
      '200', // one behind
      '200',
      '401 code_invalid', // again
      '401 code_invalid', // older than one that was used
      '200', // one ahead
      '401 code_invalid',
    ]);
  });

  it('is not ended by another one that sends nothing: who knows the password could keep its owner out unnoticed', async () => {
    const { person, app } = await withApp();
    const { challengeToken } = (await person.login()).body;
    const other = (await person.login()).body.challengeToken;
    expect([(await person.status(challengeToken)).state, (await person.status(other)).state]).toEqual([
      'pending',
      'pending',
    ]);
    system.clock.advance(31);
    expect(kind(await person.verify(challengeToken, app.code(1), { method: 'totp' }))).toBe('200');
  });

  it('takes a message instead, when it is asked for', async () => {
    const { person } = await withApp();
    const token = await loginToken(person);
    const code = await codeSentFor(person, token);
    const status = await person.statusWhen(token, ({ delivery }) => delivery === 'sent');
    expect(status).toMatchObject({ methods: ['totp', 'sms'], next: ['verify', 'wait'] });
    expect(kind(await person.resend(token))).toBe('429 rate_limited');
    const { body: tokens } = await person.verify(token, code, { method: 'sms' });
    expect(claimsOf(tokens)['amr']).toEqual(['pwd', 'sms', 'mfa']);
  });

  it('A01, A05: codes of app and message share the five attempts and the ten failures; the lock does not show at login', async () => {
    const { person, app } = await withApp();
    const token = await loginToken(person);
    const wrong = wrongCodes(await codeSentFor(person, token), 2);
    const answers = [await byApp(person, token, app.wrong()), await byApp(person, token, app.wrong())];
    for (const code of wrong) answers.push(await person.verify(token, code));
    answers.push(await byApp(person, token, app.wrong()));
    expect(answers.map(({ body }) => body.attemptsLeft)).toEqual([4, 3, 2, 1, 0]);
    expect(kind(await byApp(person, token, app.code()))).toBe('429 challenge_locked');

    const second = await loginToken(person);
    for (let left = 4; left >= 0; left -= 1) {
      expect((await byApp(person, second, app.wrong())).body.attemptsLeft).toBe(left);
    }
    const { body } = await person.login();
    expect(body).toMatchObject({ methods: ['totp', 'sms'], resendAfter: 0, attemptsLeft: 5 });
    await messageLike(person, ({ text }) => text.includes('too many wrong'));
    expect((await person.status(body.challengeToken)).delivery).toBe('none');
    for (const refused of [
      await byApp(person, body.challengeToken, app.code()),
      await person.resend(body.challengeToken),
    ]) {
      expect(kind(refused)).toBe('429 second_factor_locked');
    }
  });

  it('a method that the challenge does not offer is refused and counts nothing, for taken and free numbers alike', async () => {
    const { person } = await newcomer(system, nextPhone());
    const { token } = await person.challenged('login');
    const strangers = [person.phone, nextPhone()].map((phone) => new Person(system, phone, 'another-password-77'));
    const tokens = [
      token,
      ...(await Promise.all(strangers.map((each) => each.register()))).map((a) => a.body.challengeToken),
    ];
    for (const each of tokens) {
      const answer = await person.verify(each, '123456', { method: 'totp' });
      expect(answer.body).toMatchObject({ status: 400, errors: [{ pointer: '/method', code: 'not_offered' }] });
      expect((await person.status(each)).attemptsLeft).toBe(5);
    }
    expect((await person.status(tokens[1]!)).methods).toEqual(['sms']);
  });

  it('a text that is no code of an app is refused and counts nothing', async () => {
    const { person, app } = await withApp();
    const token = await loginToken(person);
    for (const code of ['12345', '1234567', `${app.code()}\n`, Number(app.code()), 'ABCD-EFGH-IJKL-2345']) {
      expect(kind(await person.verify(token, code, { method: 'totp' }))).toBe('400 validation_failed');
    }
    expect(kind(await person.verify(token, app.code(), { method: 'push' }))).toBe('400 validation_failed');
    expect((await person.status(token)).attemptsLeft).toBe(5);
  });
});
