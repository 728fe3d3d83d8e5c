// PHONE_IDLE_DAYS: whatever gives a number to whoever proves it, or refuses a reset by it alone, goes by the setting (A98, security.md 5.11).
import { askReset, forgotten, kind, resetAt, withCode } from '../support/credentials';
import { startSystem, type System } from '../support/instance';
import { newAccount, Operator } from '../support/operator';
import { newcomer, Person, phoneNumbers } from '../support/person';
import { askRebind } from '../support/rebinds';

const IDLE_DAYS = 40;
const nextPhone = phoneNumbers();
let system: System;

beforeAll(async () => {
  system = await startSystem({ env: { PHONE_IDLE_DAYS: String(IDLE_DAYS), LIMIT_SMS_DESTINATION: 'off' } });
});
afterAll(() => system.stop());

/** Somebody whose last right code was so many days ago. */
async function lastSeen(days: number): Promise<{ person: Person; id: unknown }> {
  const { person, tokens } = await newcomer(system, nextPhone());
  await person.alter(`last_authenticated_at = last_authenticated_at - interval '${days} days'`);
  return { person, id: tokens.user['id'] };
}

/** The code that comes to the number of this person, or null where it is told something else. */
async function codeAfter(person: Person, ask: () => Promise<unknown>): Promise<string | null> {
  const after = await system.phone.newest(person.phone);
  await ask();
  return (await system.phone.messageFor(person.phone, { after })).code;
}

const holderOf = async ({ phone }: Person) =>
  (await system.database.query<{ id: string }>('SELECT id FROM users WHERE phone = $1', [phone])).rows[0]?.id;

describe('A98: a day before PHONE_IDLE_DAYS', () => {
  it('a registration with the number gets no code', async () => {
    const { person } = await lastSeen(IDLE_DAYS - 1);
    expect(await codeAfter(person, () => new Person(system, person.phone).register())).toBeNull();
  });

  it('the password is reset by the number', async () => {
    const { person } = await lastSeen(IDLE_DAYS - 1);
    const { token, code } = await forgotten(person);
    expect((await resetAt(system.api, token, code)).status).toBeLessThan(300);
  });

  it('a change to the number is a conflict, and an operator is refused it', async () => {
    const { person, id } = await lastSeen(IDLE_DAYS - 1);
    expect(await changeTo(person)).toBe('409 conflict');
    expect(await rebindTo(person)).toBe('409 conflict');
    expect(await holderOf(person)).toBe(id);
  });
});

describe('A98: a day after PHONE_IDLE_DAYS', () => {
  it('a registration takes the number', async () => {
    const { person, id } = await lastSeen(IDLE_DAYS + 1);
    const { user } = await new Person(system, person.phone).joined();
    expect(await holderOf(person)).toBe(user['id']);
    expect(user['id']).not.toBe(id);
  });

  it('the number alone resets no password', async () => {
    const { person } = await lastSeen(IDLE_DAYS + 1);
    const before = await system.phone.messages(person.phone);
    const { body } = await askReset(system.api, person.phone);
    expect(kind(await resetAt(system.api, body.challengeToken, '123456'))).toBe('401 code_invalid');
    expect(await system.phone.messages(person.phone)).toEqual(before);
  });

  it('a change takes it, and an operator may begin a move to it', async () => {
    const [changed, moved] = [await lastSeen(IDLE_DAYS + 1), await lastSeen(IDLE_DAYS + 1)];
    expect(await changeTo(changed.person)).toBe('200');
    expect(await holderOf(changed.person)).not.toBe(changed.id);
    expect(await rebindTo(moved.person)).toBe('200');
  });
});

/** What somebody else is told who proves the number to change to it. */
async function changeTo({ phone }: Person): Promise<string> {
  const { tokens } = await newcomer(system, nextPhone());
  const [path, options] = ['/v1/users/me/phone', { token: tokens.accessToken }] as const;
  const { token, code } = await withCode(new Person(system, phone), () => system.api.post(path, { phone }, options));
  const { status, body } = await system.api.post<{ code?: string }>(
    `${path}/confirm`,
    { challengeToken: token, code },
    options,
  );
  return [status, body.code].join(' ').trim();
}

/** What an operator is told who moves somebody else to the number. */
async function rebindTo({ phone }: Person): Promise<string> {
  const { id } = await newAccount(system, nextPhone());
  const { status, body } = await askRebind(new Operator(system), id, phone);
  return [status, body.code].join(' ').trim();
}
