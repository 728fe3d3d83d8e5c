// Wrong passwords count on the account without end, and the hundredth in a row disables the password (NIST SP 800-63B-4 RL-2).
// Until then they delay it, from however many addresses they come (A74).
import { AddressedClient, BELIEVES_ADDRESSES } from '../../support/addressed-client';
import type { ProblemBody } from '../../support/api-client';
import {
  askStepUp,
  changePassword,
  forgotten,
  kind,
  NEW_PASSWORD,
  noticed,
  opens,
  resetAt,
} from '../../support/credentials';
import { cameTo, loginFrom, withDevice } from '../../support/devices';
import { startSystem, type System } from '../../support/instance';
import { Operator, USERS } from '../../support/operator';
import { PASSWORD, Person, phoneNumbers } from '../../support/person';

describe('a hundred wrong passwords in a row (RL-2)', () => {
  const nextPhone = phoneNumbers();
  let system: System;

  beforeAll(async () => {
    system = await startSystem();
  });
  afterAll(() => system.stop());
  async function joined(): Promise<{ person: Person; id: string; email: string; accessToken: string }> {
    const person = new Person(system, nextPhone());
    const email = `hundred${person.phone.slice(1)}@example.com`;
    const { user, accessToken } = await person.joined({ email });
    const verify = 'UPDATE users SET email_verified_at = created_at WHERE id = $1';
    await system.database.query(verify, [user['id']]);
    return { person, id: String(user['id']), email, accessToken };
  }
  const wrong = async (identifier: string, count: number) => {
    for (let number = 1; number <= count; number += 1) {
      const guess = { identifier, password: `not the password ${number}` };
      expect((await system.api.post<ProblemBody>('/v1/auth/login', guess)).body.code).toBe('credentials_invalid');
    }
  };
  const lockedOf = async (id: string) => (await new Operator(system).ask('GET', `${USERS}/${id}`)).body.passwordLocked;

  it('disable it, by whatever name and however many days apart: the right one gets the same answer, and a reset opens', async () => {
    const { person, id, email } = await joined();
    await wrong(person.phone, 60);
    system.clock.advance(3 * 86_400);
    await system.database.query('DELETE FROM failure_budgets'); // as retention does
    await wrong(email, 39);
    expect(await lockedOf(id)).toBe(false);
    await wrong(person.phone, 1);
    expect(await lockedOf(id)).toBe(true);
    const answer = await person.login();
    expect([answer.status, answer.body.code]).toEqual([401, 'credentials_invalid']);
    expect(await noticed(system, person.phone, /wrong passwords/)).not.toMatch(/https?:/);
    const sql = `SELECT count(*)::int AS n FROM audit_log WHERE user_id = $1 AND event = 'authn_login_lock'`;
    expect((await system.database.query<{ n: number }>(sql, [id])).rows).toEqual([{ n: 1 }]);

    const { token, code } = await forgotten(person);
    expect((await resetAt(system.api, token, code)).status).toBe(204);
    expect([await lockedOf(id), await opens(person, NEW_PASSWORD)]).toEqual([false, true]);
  });

  it('are counted over sign-ins and sessions together', async () => {
    const { person, id, accessToken } = await joined();
    await wrong(person.phone, 60);
    for (let number = 1; number <= 40; number += 1) {
      expect(await lockedOf(id)).toBe(false);
      expect(kind(await askStepUp(system.api, accessToken, `not the password ${number}`))).toBe(
        '401 credentials_invalid',
      );
    }
    expect(await lockedOf(id)).toBe(true);
    expect(kind(await askStepUp(system.api, accessToken, PASSWORD))).toBe('401 credentials_invalid');
  });

  it('are counted from the last sign-in from a trusted device as well', async () => {
    const person = new Person(system, nextPhone());
    const { tokens, device } = await withDevice(person);
    await wrong(person.phone, 20);
    expect(cameTo(await loginFrom(person, device))).toBe('tokens');
    const sql = 'SELECT password_failures AS n FROM users WHERE id = $1';
    expect((await system.database.query<{ n: number }>(sql, [tokens.user['id']])).rows).toEqual([{ n: 0 }]);
  });

  it('are counted from the last right one, which is any sign-in that gets as far as a code', async () => {
    const { person, id } = await joined();
    await wrong(person.phone, 99);
    expect((await person.login()).status).toBe(200);
    await wrong(person.phone, 99);
    expect(await lockedOf(id)).toBe(false);
    system.clock.advance(31);
    expect((await person.login()).status).toBe(200);
  });
});

describe('guesses from many addresses (A74)', () => {
  const nextPhone = phoneNumbers();
  const ADDRESSES = 25;
  const FREE = 5;
  let system: System;

  beforeAll(async () => {
    system = await startSystem({ env: { ...BELIEVES_ADDRESSES, LIMIT_PASSWORD_ACCOUNT: `${FREE}/15m` } });
  });
  afterAll(() => system.stop());

  const from = (at: number) => new AddressedClient(system.api.url, `198.51.100.${(at % ADDRESSES) + 1}`);

  async function failures(): Promise<number> {
    const sql = `SELECT max(consecutive) AS n FROM failure_budgets WHERE key LIKE 'password:%'`;
    return (await system.database.query<{ n: number | null }>(sql)).rows[0]?.n ?? 0;
  }

  /** Fifty guesses from 25 addresses, once the wait has become its longest. */
  async function besiege(identifier: string): Promise<void> {
    const guess = (at: number) =>
      from(at).post<ProblemBody>('/v1/auth/login', { identifier, password: 'not the password' });
    for (let failure = 0; failure < FREE + 10; failure += 1) {
      system.clock.advance(901);
      expect((await guess(failure)).status).toBe(401);
    }
    const before = await failures();
    const faces = new Set<string>();
    for (let at = 0; at < 2 * ADDRESSES; at += 1) {
      const { status, body } = await guess(at);
      faces.add(`${status} ${body.code} ${Object.keys(body).join()}`);
    }
    expect([...faces]).toEqual(['401 credentials_invalid type,title,status,detail,code,requestId']);
    expect(await failures()).toBe(before);
  }

  it('A74: are delayed by the account: none of fifty is looked at, and its owner is in after fifteen minutes', async () => {
    const person = new Person(system, nextPhone());
    await person.joined();
    await besiege(person.phone);
    const tooEarly = await person.login();
    expect([tooEarly.status, tooEarly.body.code]).toEqual([401, 'credentials_invalid']);
    system.clock.advance(901);
    expect((await system.api.get('/v1/users/me', { token: (await person.again()).accessToken })).status).toBe(200);
    expect(await failures()).toBe(0);
  });

  it('A74: do not keep the owner out who has a trusted device', async () => {
    const person = new Person(system, nextPhone());
    const { device } = await withDevice(person);
    await besiege(person.phone);
    expect(cameTo(await loginFrom(person, device))).toBe('tokens');
  });
});

describe('a right password that leads nowhere is no wrong one', () => {
  const nextPhone = phoneNumbers();
  const TIMES = 7;
  let system: System;

  beforeAll(async () => {
    system = await startSystem({ env: { LIMIT_PASSWORD_ACCOUNT: '5/15m' } });
  });
  afterAll(() => system.stop());

  it('for want of its key nobody can look at it, at login and in a session', async () => {
    const person = new Person(system, nextPhone());
    const { accessToken } = await person.joined();
    const rename = (from: string, to: string) =>
      system.database.query(`UPDATE users SET password_hash = replace(password_hash, $1, $2)`, [from, to]);
    await rename('v1$', 'v1$gone');
    for (let count = 0; count < TIMES; count += 1) {
      expect(kind(await askStepUp(system.api, accessToken, PASSWORD))).toBe('503 not_ready');
      expect(kind(await person.login())).toBe('503 not_ready');
    }
    await rename('v1$gone', 'v1$');
    expect(kind(await person.login())).toBe('200');
  });

  it('it has to change', async () => {
    const person = new Person(system, nextPhone());
    await person.joined();
    await person.alter(`must_change_password = true`);
    for (let count = 0; count < TIMES; count += 1) {
      expect(kind(await person.login())).toBe('403 password_change_required');
    }
  });

  it('the new one is refused', async () => {
    const person = new Person(system, nextPhone());
    const { accessToken } = await person.joined();
    for (let count = 0; count < TIMES; count += 1) {
      system.clock.advance(3);
      const refused = await changePassword(system.api, accessToken, PASSWORD, 'password1234');
      expect(kind(refused)).toBe('422 password_blocklisted');
    }
    expect(kind(await person.login())).toBe('200');
  });
});
