// An account whose number went to somebody else (A98, ADR 61): its owner is told by mail, signs in with the proved address and an app, a
// recovery code or, with neither, a code by mail, and gives it a new number. Nothing shows of it without the password.
import type { ApiClient, TokensBody } from '../../support/api-client';
import { askStepUp, claimsOf, kind, meAt } from '../../support/credentials';
import { allIsSent } from '../../support/deliveries';
import { addresses, askEmail, askedEmail, confirmEmail, removeEmail } from '../../support/emails';
import { recoveryCodes } from '../../support/factors';
import { startSystem, type System } from '../../support/instance';
import { until } from '../../support/patience';
import { type ChallengeAnswer, PASSWORD, Person, phoneNumbers, wrongCodes } from '../../support/person';
import { AuthenticatorApp, remove as removeApp } from '../../support/totp';

const nextPhone = phoneNumbers();
const nextAddress = addresses();
let system: System;
let here: ApiClient;

beforeAll(async () => {
  system = await startSystem({
    mail: true,
    env: { LIMIT_UNAUTHENTICATED: 'off', LIMIT_SMS_DESTINATION: 'off', LIMIT_FACTOR_ADDRESS: 'off' },
  });
  here = system.api;
});
afterAll(() => system.stop());

interface Former {
  readonly person: Person;
  readonly address: string;
  readonly tokens: TokensBody;
}

/** Registers, proves an address, does what is to be done, and loses the number to a newcomer. */
async function released(before: (person: Person, tokens: TokensBody) => Promise<unknown> = async () => {}) {
  const person = new Person(system, nextPhone());
  const tokens = await person.joined();
  const address = await provedAddress(tokens);
  const gained = await before(person, tokens);
  await person.becomeIdle();
  const newcomer = new Person(system, person.phone, 'another-person-52-violin');
  const theirs = await newcomer.joined();
  expect(theirs.user['id']).not.toBe(tokens.user['id']);
  return { person, address, tokens, gained };
}

async function recorded(event: string, { user }: TokensBody): Promise<number> {
  const sql = 'SELECT count(*)::int AS n FROM audit_log WHERE user_id = $1 AND event = $2';
  const { rows } = await system.database.query<{ n: number }>(sql, [user['id'], event]);
  return rows[0]?.n ?? -1;
}

/** @returns an address that has just been proved in this session */
async function provedAddress(tokens: TokensBody): Promise<string> {
  const address = nextAddress();
  const { token, code } = await askedEmail(system, here, tokens, address);
  expect((await confirmEmail(here, tokens, token, code)).status).toBe(200);
  return address;
}

const signIn = (identifier: string, password = PASSWORD): Promise<ChallengeAnswer> =>
  here.post('/v1/auth/login', { identifier, password });

async function mailedCode({ address }: Former, ask: () => Promise<ChallengeAnswer>) {
  const after = await system.mailbox.newest(address);
  const { body, text, status } = await ask();
  if (status > 202) throw new Error(text);
  return { challenge: body, token: body.challengeToken, code: await system.mailbox.codeFor(address, after) };
}

/** The one that proved the address is among them. */
async function codesMailedTo(address: string): Promise<number> {
  return (await system.mailbox.mails(address)).filter(({ code }) => code !== null).length;
}

it('A98: its owner is told by mail, signs in by a code that is mailed, proves themselves again and adds a number', async () => {
  const former = await released();
  const { person, address, tokens } = former;
  const told = await system.mailbox.mailFor(address, ({ text }) => text.includes('belongs to somebody else'));
  expect(told.text).toMatch(/Sign in with your e-mail address/);
  expect(kind(await meAt(here, tokens))).toBe('401 token_invalid');

  const { challenge, token, code } = await mailedCode(former, () => signIn(address));
  expect(challenge).toMatchObject({ purpose: 'login', channel: 'email', methods: ['email'], channels: ['email'] });
  expect([challenge.destination, challenge.codeLength]).toEqual([expect.stringMatching(/^p\*+@mail\.example$/), 6]);
  expect(kind(await person.verify(token, code))).toBe('400 validation_failed');
  expect(kind(await person.verify(token, wrongCodes(code, 1)[0], { method: 'email' }))).toBe('401 code_invalid');
  system.clock.advance(31);
  expect((await mailedCode(former, () => person.resend(token))).code).toBe(code);
  const { status, body } = await person.verify(token, code, { method: 'email' });
  expect([status, body.user]).toMatchObject([200, { id: tokens.user['id'], email: address }]);
  expect(claimsOf(body)).toMatchObject({ amr: ['pwd', 'email', 'mfa'], acr: 'aal2' });
  expect(kind(await person.verify(token, code, { method: 'email' }))).toBe('401 code_expired');

  system.clock.advance(601);
  const renewed = (await here.post<TokensBody>('/v1/auth/token/refresh', { refreshToken: body.refreshToken })).body;
  const asked = (phone: string, accessToken: string) =>
    here.post<ChallengeAnswer['body']>('/v1/users/me/phone', { phone }, { token: accessToken });
  const number = nextPhone();
  expect(kind(await asked(number, renewed.accessToken))).toBe('403 step_up_required');
  const again = await mailedCode(former, () => askStepUp(here, renewed.accessToken, PASSWORD));
  const fresh = (await person.verify(again.token, again.code, { method: 'email' })).body.accessToken;
  const { body: change } = await asked(number, fresh);
  const sms = await system.phone.codeFor(number);
  const confirm = { challengeToken: change.challengeToken, code: sms };
  expect((await here.post('/v1/users/me/phone/confirm', confirm, { token: fresh })).status).toBe(200);
  await system.mailbox.mailFor(address, ({ text }) =>
    text.includes('phone number of your Latchkey account was changed'),
  );
  expect((await new Person(system, number).again()).user['id']).toBe(tokens.user['id']);
  const events = await system.database.query<{ event: string }>(
    `SELECT event FROM audit_log WHERE user_id = $1 AND (event LIKE 'phone%' OR event = 'step_up') ORDER BY id`,
    [tokens.user['id']],
  );
  expect(events.rows.map(({ event }) => event)).toEqual([
    ...['phone_verified', 'phone_released', 'step_up', 'phone_change_requested', 'phone_change_completed'],
  ]);
});

it('A98: with an app or recovery codes these are what it takes, and the mailbox gives nothing', async () => {
  const { person, address, gained } = await released(async (person, tokens) => {
    const app = await AuthenticatorApp.enrolled(person, tokens.accessToken);
    return { app, codes: await recoveryCodes(person, tokens.accessToken) };
  });
  const { app, codes } = gained as { app: AuthenticatorApp; codes: readonly string[] };
  const { status, body } = await signIn(address);
  expect([status, body]).toMatchObject([
    200,
    { methods: ['totp', 'recovery_code'], channels: [], destination: null, resendAfter: null },
  ]);
  expect(kind(await person.resend(body.challengeToken))).toBe('422 channel_not_supported');
  expect(await person.status(body.challengeToken)).toMatchObject({ state: 'pending', delivery: 'none' });
  expect(kind(await person.verify(body.challengeToken, '123456', { method: 'email' }))).toBe('400 validation_failed');
  expect(kind(await person.verify(body.challengeToken, app.code(), { method: 'totp' }))).toBe('200');
  const second = (await signIn(address)).body.challengeToken;
  expect(kind(await person.verify(second, codes[0], { method: 'recovery_code' }))).toBe('200');
  expect(await codesMailedTo(address)).toBe(1);
  expect((await system.mailbox.mailFor(address, ({ text }) => text.includes('recovery code'))).text).not.toMatch(
    /sign in/,
  );
});

it('A98: the address that it is named by stays until it has a number; another that is proved takes its place', async () => {
  const former = await released((person, { accessToken }) => AuthenticatorApp.enrolled(person, accessToken));
  const { person, address } = former;
  const login = await signIn(address);
  const app = former.gained as AuthenticatorApp;
  const { body: tokens } = await person.verify(login.body.challengeToken, app.code(), { method: 'totp' });
  const refused = await removeEmail(here, tokens);
  expect([kind(refused), refused.body]).toMatchObject([
    '409 conflict',
    { errors: [{ pointer: '/email', code: 'last_way_in' }] },
  ]);
  expect(await recorded('email_removed', tokens)).toBe(0);
  // Mail can be sent here, so the app is not the last of what proves it.
  expect(kind(await removeApp(person, tokens.accessToken))).toBe('204');
  expect((await signIn(address)).body.methods).toEqual(['email']);

  const other = await provedAddress(tokens);
  expect((await signIn(address)).status).toBe(401);
  expect((await signIn(other)).body.methods).toEqual(['email']);
  const number = nextPhone();
  const { body: change } = await here.post<ChallengeAnswer['body']>(
    '/v1/users/me/phone',
    { phone: number },
    { token: tokens.accessToken },
  );
  const confirm = { challengeToken: change.challengeToken, code: await system.phone.codeFor(number) };
  await here.post('/v1/users/me/phone/confirm', confirm, { token: tokens.accessToken });
  expect((await removeEmail(here, tokens)).status).toBe(204);
  expect(await recorded('email_removed', tokens)).toBe(1);
  expect((await new Person(system, number).again()).user['id']).toBe(tokens.user['id']);
});

it('A54, A55: without the password it looks as nobody’s does, and its password is not reset by mail', async () => {
  const former = await released();
  const seen = await Promise.all(
    [former.address, nextAddress()].map(async (name) => {
      const { status, body } = await signIn(name, 'wrong-password-77-lantern');
      return { ...body, status, requestId: '' };
    }),
  );
  expect(seen[0]).toEqual(seen[1]);
  const { status, body } = await here.post<object>('/v1/auth/password/forgot', { identifier: former.address });
  expect([status, body]).toMatchObject([202, { methods: ['sms'], destination: null }]);
  await allIsSent(system);
  expect(await codesMailedTo(former.address)).toBe(1);
  await mailedCode(former, () => signIn(former.address));
  expect(await codesMailedTo(former.address)).toBe(2);
});

it('a locked second factor is told to number and address, at an account without a number to the address', async () => {
  const known = new Person(system, nextPhone());
  const address = await provedAddress(await known.joined());
  const former = await released();
  const lock = `UPDATE users SET second_factor_consecutive = 100 WHERE email = ANY ($1)`;
  await system.database.query(lock, [[address, former.address]]);
  expect((await known.login()).status).toBe(200);
  const { status, body } = await signIn(former.address);
  expect([status, body]).toMatchObject([200, { methods: ['email'] }]);
  for (const to of [address, former.address]) {
    const told = await system.mailbox.mailFor(to, ({ text }) => text.includes('too many wrong'));
    expect([told.subject, told.code]).toEqual(['Security notice from Latchkey', null]);
  }
  expect(kind(await known.verify(body.challengeToken, '123456', { method: 'email' }))).toBe('429 second_factor_locked');
});

it('A55: who registers a taken number makes its owner hear of it at both places, once a day', async () => {
  const owner = new Person(system, nextPhone());
  const address = await provedAddress(await owner.joined());
  for (let turn = 0; turn < 2; turn += 1) {
    expect((await new Person(system, owner.phone, 'strangers-own-33-pepper').register()).status).toBe(202);
    await system.mailbox.mailFor(address, ({ text }) => text.includes('Someone tried to sign up'));
    system.clock.advance(61);
  }
  const mails = await system.mailbox.mails(address);
  expect(mails.filter(({ text }) => text.includes('Someone tried to sign up'))).toHaveLength(1);
});

it('A65: strangers who ask for codes to its address have not used up those of a sign-in and a step-up', async () => {
  await system.restart(0, { LIMIT_MAIL_DESTINATION: '4/10m,8/1h,12/1d', LIMIT_MAIL_ACCOUNT: '12/1d' });
  here = system.api;
  const former = await released();
  const stranger = await new Person(system, nextPhone()).joined();
  const answers: number[] = [];
  for (let n = 0; n < 5; n += 1) {
    answers.push((await askEmail(here, stranger, former.address)).status);
    // A code that is asked for anew before the last was mailed takes its place, and one mail less goes out.
    const mailed = Math.min(n, 3) + 2;
    await until(async () => (await codesMailedTo(former.address)) >= mailed, `mail ${mailed} to ${former.address}`);
    system.clock.advance(31);
  }
  expect(answers).toEqual([202, 202, 202, 202, 429]);
  const login = await mailedCode(former, () => signIn(former.address));
  const { status, body } = await former.person.verify(login.token, login.code, { method: 'email' });
  expect(status).toBe(200);
  const step = await mailedCode(former, () => askStepUp(here, body.accessToken, PASSWORD));
  expect((await former.person.verify(step.token, step.code, { method: 'email' })).status).toBe(200);
});

it('A74: whoever has a session has not used up the codes of a sign-in by changes of the address', async () => {
  await system.restart(0, { LIMIT_MAIL_ACCOUNT: '2/1d' });
  here = system.api;
  const former = await released();
  const { token, code } = await mailedCode(former, () => signIn(former.address));
  const { body } = await former.person.verify(token, code, { method: 'email' });
  const changes = [nextAddress(), nextAddress()].map((address) => () => askEmail(here, body, address));
  for (const change of changes) await change();
  expect(kind(await askEmail(here, body, nextAddress()))).toBe('429 rate_limited');
  expect((await mailedCode(former, () => signIn(former.address))).code).toMatch(/^\d{6}$/);
});
