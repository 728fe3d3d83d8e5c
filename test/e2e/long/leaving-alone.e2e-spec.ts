// What a deleted account leaves alone, and that an instance forgets all of its sessions at once: those of other people's names first.
import { kind, meAt, noticed } from '../../support/credentials';
import { askedEmail, confirmEmail } from '../../support/emails';
import { startSystem, type System } from '../../support/instance';
import { newcomer, PASSWORD, phoneNumbers } from '../../support/person';
import { allRun } from '../../support/queue';

const ADDRESS = 'ada.lovelace@example.org';
const nextPhone = phoneNumbers();
let system: System;

beforeAll(async () => {
  system = await startSystem({ mail: true, env: { LIMIT_UNAUTHENTICATED: 'off', LIMIT_PASSWORD_ACCOUNT: '2/15m' } });
});
afterAll(() => system.stop());

const leave = (token: string) => system.api.request<{ code?: string }>('DELETE', '/v1/users/me', undefined, { token });

const signIn = (password: string) =>
  system.api.post<{ code?: string }>('/v1/auth/login', { identifier: ADDRESS, password });

it('an address that it had only claimed: guesses at its owner still count, and nothing is mailed there', async () => {
  const { tokens: owner } = await newcomer(system, nextPhone());
  const { token, code } = await askedEmail(system, system.api, owner, ADDRESS);
  expect((await confirmEmail(system.api, owner, token, code)).status).toBe(200);
  const { person, tokens } = await newcomer(system, nextPhone(), { email: ADDRESS });
  for (let guess = 0; guess < 3; guess += 1) expect((await signIn(`not the password ${guess}`)).status).toBe(401);
  expect(kind(await signIn(PASSWORD))).toBe('401 credentials_invalid');

  expect(kind(await leave(tokens.accessToken))).toBe('204');

  await noticed(system, person.phone, /was deleted/);
  await allRun(system);
  expect((await system.mailbox.mails(ADDRESS)).filter(({ text }) => text.includes('was deleted'))).toEqual([]);
  expect(kind(await signIn(PASSWORD))).toBe('401 credentials_invalid');
  expect((await meAt(system.api, owner)).body).toMatchObject({ email: ADDRESS, emailVerified: true });
});

it('every session of it is refused at once where the deletion was asked for, whatever is asked', async () => {
  const { person, tokens } = await newcomer(system, nextPhone());
  system.clock.advance(31);
  const other = await person.again();
  const sessions = () => system.api.get<{ code?: string }>('/v1/auth/sessions', { token: other.accessToken });
  expect((await sessions()).status).toBe(200);
  expect(kind(await leave(tokens.accessToken))).toBe('204');
  expect(kind(await sessions())).toBe('401 token_invalid');
});
