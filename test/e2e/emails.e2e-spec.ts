// The address of an account: proved by a code that is mailed to it, then a login name and a second place for notices. The rest of it is
// in long/emails.
import type { ApiClient, TokensBody } from '../support/api-client';
import { claimsOf, eventsOf, kind, meAt, noticed, refreshAt } from '../support/credentials';
import { addresses, type AskedByMail, askedEmail, confirmEmail } from '../support/emails';
import { startSystem, type System } from '../support/instance';
import { newcomer, PASSWORD, phoneNumbers } from '../support/person';
import { allRun } from '../support/queue';

const nextPhone = phoneNumbers();
const nextAddress = addresses();
let system: System;
let here: ApiClient;

beforeAll(async () => {
  system = await startSystem({
    mail: true,
    env: { LIMIT_UNAUTHENTICATED: 'off', LIMIT_SMS_DESTINATION: 'off', JWT_ISSUER: 'https://id.example' },
  });
  here = system.api;
});
afterAll(() => system.stop());

const newPerson = (extra = {}) => newcomer(system, nextPhone(), extra);
const asked = (tokens: TokensBody, address: string): Promise<AskedByMail> => askedEmail(system, here, tokens, address);

it('A42, N11: a proved address is the account’s; the session stays, all else ends; phone and address are told', async () => {
  const { person, tokens } = await newPerson({ email: 'note@example.com' });
  expect(tokens.user).toMatchObject({ email: 'note@example.com', emailVerified: false });
  const login = await person.challenged('login');
  const { body: other } = await person.verify(login.token, login.code);
  const address = nextAddress();

  const { challenge, token, code } = await asked(tokens, `  ${address.toUpperCase()} `);
  expect(challenge).toMatchObject({
    purpose: 'email_change',
    channel: 'email',
    channels: ['email'],
    methods: ['email'],
    destination: `${address.slice(0, 1)}${'*'.repeat(address.indexOf('@') - 1)}${address.slice(address.indexOf('@'))}`,
    codeLength: 6,
    attemptsLeft: 5,
    resendAfter: 30,
  });
  expect((await meAt(here, tokens)).body).toMatchObject({ email: 'note@example.com', emailVerified: false });

  const { status, body } = await confirmEmail(here, tokens, token, code);
  expect([status, body]).toMatchObject([200, { id: tokens.user['id'], email: address, emailVerified: true }]);
  expect((await meAt(here, tokens)).body).toMatchObject({ email: address, emailVerified: true });
  const renewed = (await refreshAt(here, tokens)).body;
  expect(claimsOf(renewed)['sub']).toBe(claimsOf(tokens)['sub']);
  expect(kind(await refreshAt(here, other))).toBe('401 token_invalid');
  expect(kind(await confirmEmail(here, renewed, token, code))).toBe('401 code_expired');

  expect(await noticed(system, person.phone, /e-mail address was added/)).toMatch(/Not you\?/);
  const told = await system.mailbox.mailFor(address, ({ code: none }) => none === null);
  expect([told.subject, told.text]).toEqual([
    'Security notice from Latchkey',
    expect.stringMatching(/was added.*Not you\?/),
  ]);
  const events = (await eventsOf(system, person.phone)).filter((event) => event.startsWith('email'));
  expect(events).toEqual(['email_change_requested', 'email_change_completed']);
});

it('an address that another account names and has not proved is free to whoever proves it (A69)', async () => {
  const address = nextAddress();
  await newPerson({ email: address });
  const { tokens } = await newPerson();
  const { token, code } = await asked(tokens, address);
  const { status, body } = await confirmEmail(here, tokens, token, code);
  expect([status, body]).toMatchObject([200, { id: tokens.user['id'], email: address, emailVerified: true }]);
});

it('what is done to the account is told to the phone, and to no address that nobody has proved', async () => {
  const address = nextAddress();
  const { person, tokens } = await newPerson({ email: address });
  const change = { currentPassword: PASSWORD, newPassword: 'amber-lighthouse-72-meadow' };
  expect((await here.post('/v1/users/me/password', change, { token: tokens.accessToken })).status).toBe(204);
  await noticed(system, person.phone, /password was changed/);
  await allRun(system);
  expect(await system.mailbox.mails(address)).toEqual([]);
});

it('a proved address names the account at login, whatever its letters; a note or a stranger’s does not (A54)', async () => {
  const { person, tokens } = await newPerson();
  const address = nextAddress();
  const { token, code } = await asked(tokens, address);
  const login = (identifier: string, password = PASSWORD) => here.post('/v1/auth/login', { identifier, password });
  expect(kind(await login(address))).toBe('401 credentials_invalid');
  await confirmEmail(here, tokens, token, code);

  const after = await system.phone.newest(person.phone);
  const { status, body } = await login(` ${address.toUpperCase()}`);
  expect([status, body]).toMatchObject([200, { channel: 'sms', methods: ['sms'] }]);
  const challengeToken = (body as { challengeToken: string }).challengeToken;
  const verified = await person.verify(challengeToken, await system.phone.codeFor(person.phone, { after }));
  expect(verified.body.user).toMatchObject({ id: tokens.user['id'], email: address, emailVerified: true });

  const answers = [await login(address, 'wrong-password-12'), await login(nextAddress()), await login('no@address')];
  expect(
    new Set(answers.map(({ status: s, body: b }) => JSON.stringify([s, { ...(b as object), requestId: '' }]))).size,
  ).toBe(1);
});
