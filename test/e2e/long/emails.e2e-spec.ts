// The address of an account: refused, asked for again, replaced and taken away.
// That somebody has proved it shows only to whoever proves it too (A73). On two instances.
import type { ApiClient, TokensBody } from '../../support/api-client';
import { eventsOf, kind, meAt, noticed, refreshAt } from '../../support/credentials';
import { addresses, type AskedByMail, askEmail, askedEmail, confirmEmail, removeEmail } from '../../support/emails';
import { startSystem, type System } from '../../support/instance';
import { newcomer, PASSWORD, phoneNumbers, wrongCodes } from '../../support/person';

const nextPhone = phoneNumbers();
const nextAddress = addresses();
let system: System;
let here: ApiClient;
let there: ApiClient;

beforeAll(async () => {
  system = await startSystem({
    instances: 2,
    mail: true,
    env: { LIMIT_UNAUTHENTICATED: 'off', LIMIT_SMS_DESTINATION: 'off', JWT_ISSUER: 'https://id.example' },
  });
  [here, there] = system.both;
});
afterAll(() => system.stop());

const newPerson = (extra = {}) => newcomer(system, nextPhone(), extra);
const asked = (tokens: TokensBody, address: string): Promise<AskedByMail> => askedEmail(system, here, tokens, address);

it('A73: a proved and a free address are asked for alike; only its right code tells, and then nothing has changed', async () => {
  const [owner, { person, tokens }] = [await newPerson(), await newPerson()];
  const address = nextAddress();
  const first = await asked(owner.tokens, address);
  expect((await confirmEmail(here, owner.tokens, first.token, first.code)).status).toBe(200);

  const free = await askEmail(here, tokens, nextAddress());
  const taken = await asked(tokens, address);
  const face = (challenge: object) =>
    Object.entries(challenge).map(([key, value]) => [key, key === 'resendAfter' ? String(value) : typeof value]);
  expect(face(taken.challenge)).toEqual(face(free.body));
  expect(kind(await confirmEmail(there, tokens, taken.token, wrongCodes(taken.code, 1)[0] ?? ''))).toBe(
    '401 code_invalid',
  );
  const conflict = await confirmEmail(there, tokens, taken.token, taken.code);
  expect(conflict.body).toMatchObject({
    status: 409,
    code: 'conflict',
    errors: [{ pointer: '/email', code: 'taken' }],
  });
  expect(kind(await confirmEmail(there, tokens, taken.token, taken.code))).toBe('401 code_expired');
  expect((await meAt(here, tokens)).body).toMatchObject({ email: null, emailVerified: false });
  expect((await meAt(here, owner.tokens)).body).toMatchObject({ email: address, emailVerified: true });
  expect(await eventsOf(system, person.phone)).toContain('email_change_conflict');
  expect((await refreshAt(here, tokens)).status).toBe(200);
});

it('the code is good for the session that asked, at no other route, five times; the newer one replaces it', async () => {
  const [mine, theirs] = [await newPerson(), await newPerson()];
  const old = await asked(mine.tokens, nextAddress());
  const { token, code } = await asked(mine.tokens, nextAddress());
  expect(kind(await confirmEmail(here, mine.tokens, old.token, old.code))).toBe('401 code_expired');
  expect(kind(await confirmEmail(here, theirs.tokens, token, code))).toBe('401 token_invalid');
  expect(kind(await mine.person.verify(token, code))).toBe('401 token_type_invalid');
  const reset = { challengeToken: token, code, newPassword: 'meadow-quartz-77-ember' };
  expect(kind(await here.post('/v1/auth/password/reset', reset))).toBe('401 token_type_invalid');
  for (const [left, wrong] of wrongCodes(code, 5).entries()) {
    expect((await confirmEmail(here, mine.tokens, token, wrong)).body).toMatchObject({ attemptsLeft: 4 - left });
  }
  expect(kind(await confirmEmail(there, mine.tokens, token, code))).toBe('429 challenge_locked');
});

it('a code is mailed again on request, the same one, and its status tells where it is', async () => {
  const { person, tokens } = await newPerson();
  const address = nextAddress();
  const { token, code } = await asked(tokens, address);
  const sent = await person.statusWhen(token, ({ delivery }) => delivery === 'sent');
  expect(sent).toMatchObject({ state: 'pending', channel: 'email', next: ['verify', 'wait'] });
  expect(kind(await person.resend(token))).toBe('429 rate_limited');
  system.clock.advance(31);
  expect(kind(await person.resend(token, 'sms'))).toBe('422 channel_not_supported');
  expect((await person.status(token)).next).toEqual(['verify', 'resend_email']);
  const after = await system.mailbox.newest(address);
  expect((await person.resend(token)).status).toBe(202);
  expect(await system.mailbox.codeFor(address, after)).toBe(code);
  expect((await confirmEmail(here, tokens, token, code)).status).toBe(200);
});

it('removing and replacing a proved address ends the other sessions and tells the phone and the address before', async () => {
  const { person, tokens } = await newPerson();
  const [first, second] = [nextAddress(), nextAddress()];
  const one = await asked(tokens, first);
  await confirmEmail(here, tokens, one.token, one.code);
  const two = await asked(tokens, second);
  expect((await confirmEmail(here, tokens, two.token, two.code)).body).toMatchObject({
    email: second,
    emailVerified: true,
  });
  for (const address of [first, second]) {
    expect((await system.mailbox.mailFor(address, ({ text }) => /was changed/.test(text))).code).toBeNull();
  }
  await noticed(system, person.phone, /e-mail address .* was changed/);
  const login = await person.challenged('login');
  const { body: other } = await person.verify(login.token, login.code);

  expect((await removeEmail(there, tokens)).status).toBe(204);
  expect((await meAt(here, tokens)).body).toMatchObject({ email: null, emailVerified: false });
  expect(kind(await refreshAt(here, other))).toBe('401 token_invalid');
  expect((await system.mailbox.mailFor(second, ({ text }) => /was removed/.test(text))).code).toBeNull();
  await noticed(system, person.phone, /e-mail address .* was removed/);
  expect((await system.mailbox.mails(first)).filter(({ text }) => /was removed/.test(text))).toEqual([]);
  expect(kind(await here.post('/v1/auth/login', { identifier: second, password: PASSWORD }))).toBe(
    '401 credentials_invalid',
  );
  expect((await removeEmail(here, tokens)).status).toBe(204);
  const events = (await eventsOf(system, person.phone)).filter((event) => event === 'email_removed');
  expect(events).toEqual(['email_removed']);
});

it('wants a fresh session, an address that is one and another than the proved (A63, A85, A100)', async () => {
  const { tokens } = await newPerson();
  const address = nextAddress();
  const { token, code } = await asked(tokens, address);
  await confirmEmail(here, tokens, token, code);
  for (const email of [
    'x',
    'a@b',
    '"a\r\nBcc: b@example.com"@example.com',
    'a@example.com\r\nBcc: b@example.com',
    ['a@example.com'],
    null,
    {},
  ]) {
    expect([email, kind(await askEmail(here, tokens, email))]).toEqual([email, '400 validation_failed']);
  }
  expect((await askEmail(here, tokens, address)).body).toMatchObject({
    errors: [{ pointer: '/email', code: 'unchanged' }],
  });
  system.clock.advance(601);
  const { body } = await refreshAt(here, tokens);
  expect(kind(await askEmail(here, body, nextAddress()))).toBe('403 step_up_required');
  expect(kind(await removeEmail(here, body))).toBe('403 step_up_required');
});

describe('mails are bounded', () => {
  beforeAll(async () => {
    await system.restart(0, { LIMIT_MAIL_DESTINATION: '2/10m', LIMIT_MAIL_ACCOUNT: '4/1d' });
    here = system.api;
  });

  it('two to an address, whoever asks, the second 30 s after the first; a code that was entered makes room', async () => {
    const [first, second, third] = [await newPerson(), await newPerson(), await newPerson()];
    const address = nextAddress();
    const { token, code } = await asked(first.tokens, address);
    expect(kind(await askEmail(here, second.tokens, address))).toBe('429 rate_limited');
    system.clock.advance(31);
    expect(kind(await askEmail(here, second.tokens, address))).toBe('202');
    system.clock.advance(31);
    expect(kind(await askEmail(here, third.tokens, address))).toBe('429 rate_limited');
    expect((await confirmEmail(here, first.tokens, token, code)).status).toBe(200);
    expect(kind(await askEmail(here, third.tokens, address))).toBe('202');
  });

  it('four to an account, whatever the address, and though a code was entered', async () => {
    const { tokens } = await newPerson();
    const address = nextAddress();
    const { token, code } = await asked(tokens, address);
    expect((await confirmEmail(here, tokens, token, code)).status).toBe(200);
    expect((await removeEmail(here, tokens)).status).toBe(204);
    for (let n = 0; n < 3; n += 1) expect(kind(await askEmail(here, tokens, nextAddress()))).toBe('202');
    expect(kind(await askEmail(here, tokens, nextAddress()))).toBe('429 rate_limited');
    system.clock.advance(31);
    expect(kind(await askEmail(here, tokens, address))).toBe('429 rate_limited');
  });
});
