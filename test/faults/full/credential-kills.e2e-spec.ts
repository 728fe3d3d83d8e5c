// F26, N2, N11: an instance dies by kill -9 at a random moment of a password change or reset. Afterwards exactly one password works, what
// was promised has happened or nothing has, and the record and the notice are there with it. CREDENTIAL_KILLS sets how many of each.
import { setTimeout as sleep } from 'node:timers/promises';
import type { TokensBody } from '../../support/api-client';
import { chanceOf } from '../../support/chance';
import {
  changePassword,
  forgotten,
  NEW_PASSWORD,
  opens,
  refreshAt,
  resetAt,
  withCode,
} from '../../support/credentials';
import { recoveryCodes } from '../../support/factors';
import { startSystem, type System } from '../../support/instance';
import { limitsOff } from '../../support/limits';
import { brokenRules } from '../../support/ledger';
import { patiently } from '../../support/patience';
import { PASSWORD, Person, phoneNumbers } from '../../support/person';

const KILLS = Number(process.env['CREDENTIAL_KILLS'] ?? 2);
const DYING = 0;
const chance = chanceOf('credentials');
const nextPhone = phoneNumbers();
let system: System;

beforeAll(async () => {
  system = await startSystem({
    instances: 2,
    env: {
      ...limitsOff('LIMIT_UNAUTHENTICATED', 'LIMIT_RESET_ADDRESS', 'LIMIT_REGISTER_ADDRESS', 'LIMIT_PASSWORD_ADDRESS'),
      BCRYPT_COST: '8',
      JWT_ISSUER: 'https://id.example',
    },
  });
}, patiently(120_000));
afterAll(() => system.stop());

interface Subject {
  /** Whose requests go to the instance that stays. */
  readonly person: Person;
  /** In the order they were made; the first one asks. */
  readonly sessions: readonly TokensBody[];
}

async function newSubject(): Promise<Subject> {
  const person = new Person(system, nextPhone(), PASSWORD, system.apis[1]);
  const first = await person.joined();
  const { token, code } = await person.challenged('login');
  return { person, sessions: [first, (await person.verify(token, code)).body] };
}

const dying = () => system.apis[DYING]!;

/** What is about to be killed, and whether the session that asks is to live on. */
const requests = {
  'a password change': ({ sessions }: Subject) => {
    const [{ accessToken }] = sessions as [TokensBody];
    return Promise.resolve(() => changePassword(dying(), accessToken, PASSWORD));
  },
  'a password reset': async ({ person }: Subject) => {
    const { token, code } = await forgotten(person);
    return () => resetAt(dying(), token, code);
  },
  'a password reset with a recovery code': async ({ person, sessions: [first] }: Subject) => {
    const [recoveryCode] = await recoveryCodes(person, first!.accessToken);
    const { token, code } = await forgotten(person);
    return () => resetAt(dying(), token, code, NEW_PASSWORD, { recoveryCode });
  },
} as const;

const events = {
  'a password change': 'authn_password_change',
  'a password reset': 'password_reset_completed',
  'a password reset with a recovery code': 'password_reset_completed',
} as const;
const notices = {
  'a password change': 'password_changed',
  'a password reset': 'password_reset',
  'a password reset with a recovery code': 'password_reset',
} as const;

/**
 * When to kill: the first once it is answered, the others at a random moment of half as long again as that took, so that kills fall
 * before, within and after it, on a machine of any speed.
 */
class Moments {
  private longest = 0;

  async pass(answer: Promise<unknown>): Promise<void> {
    const begun = performance.now();
    await (this.longest === 0 ? answer : sleep(chance() * this.longest));
    if (this.longest === 0) this.longest = 1.5 * (performance.now() - begun);
  }
}

async function count(sql: string, values: readonly unknown[]): Promise<number> {
  const { rows } = await system.database.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${sql}`, [...values]);
  return rows[0]?.n ?? -1;
}

it(`F26, N8: a phone change killed at ${KILLS} random moments leaves one number, and the sessions that go with it`, async () => {
  let answered = 0;
  const moments = new Moments();
  for (let round = 0; round < KILLS; round += 1) {
    const { person, sessions } = await newSubject();
    const [{ accessToken, user }] = sessions as [TokensBody];
    const phone = nextPhone();
    const { token, code } = await withCode(new Person(system, phone), () =>
      system.apis[1]!.post('/v1/users/me/phone', { phone }, { token: accessToken }),
    );
    const body = { challengeToken: token, code };
    const answer = dying()
      .post('/v1/users/me/phone/confirm', body, { token: accessToken })
      .catch(() => undefined);
    await moments.pass(answer);
    await system.kill(DYING, 'SIGKILL');
    const status = (await answer)?.status;
    await system.restart(DYING);
    const { rows } = await system.database.query<{ phone: string }>('SELECT phone FROM users WHERE id = $1', [
      user['id'],
    ]);
    const hasMoved = rows[0]?.phone === phone;
    expect(rows).toEqual([{ phone: hasMoved ? phone : person.phone }]);
    if (status !== undefined) expect({ status, hasMoved }).toEqual({ status: 200, hasMoved: true });
    const alive = await Promise.all(
      sessions.map(async (each) => (await refreshAt(system.apis[1]!, each)).status === 200),
    );
    expect(alive).toEqual([true, !hasMoved]);
    const recorded = await count(`audit_log WHERE user_id = $1 AND event = 'phone_change_completed'`, [user['id']]);
    const told = await count(`notices WHERE phone IN ($1, $2)`, [person.phone, phone]);
    expect({ recorded, told }).toEqual(hasMoved ? { recorded: 1, told: 2 } : { recorded: 0, told: 0 });
    if (status !== undefined) answered += 1;
  }
  expect(answered).toBeGreaterThan(0);
}, 600_000);

describe.each(Object.keys(requests) as (keyof typeof requests)[])('%s', (what) => {
  it(`F26: killed at ${KILLS} random moments is done wholly or not at all`, async () => {
    const seen = { answered: 0, done: 0, undone: 0 };
    const moments = new Moments();
    for (let round = 0; round < KILLS; round += 1) {
      const subject = await newSubject();
      const { person, sessions } = subject;
      const request = await requests[what](subject);
      const answer = request().catch(() => undefined);
      await moments.pass(answer);
      await system.kill(DYING, 'SIGKILL');
      const status = (await answer)?.status;
      await system.restart(DYING);

      const isNew = await opens(person, NEW_PASSWORD);
      expect({ isNew, isOld: await opens(person, PASSWORD) }).toEqual({ isNew, isOld: !isNew });
      if (status !== undefined) expect({ status, isNew }).toEqual({ status: 204, isNew: true });
      const alive = await Promise.all(
        sessions.map(async (each) => (await refreshAt(system.apis[1]!, each)).status === 200),
      );
      expect(alive).toEqual(isNew ? [what === 'a password change', false] : [true, true]);
      const recorded = await count(`audit_log a JOIN users u ON u.id = a.user_id WHERE u.phone = $1 AND a.event = $2`, [
        person.phone,
        events[what],
      ]);
      const told = await count(`notices WHERE phone = $1 AND name = $2`, [person.phone, notices[what]]);
      expect({ recorded, told }).toEqual(isNew ? { recorded: 1, told: 1 } : { recorded: 0, told: 0 });
      if (status !== undefined) seen.answered += 1;
      if (isNew) seen.done += 1;
      else seen.undone += 1;
    }
    expect(seen.done + seen.undone).toBe(KILLS);
    expect(seen.answered).toBeGreaterThan(0);
    expect(await brokenRules(system.database)).toEqual({});
  }, 600_000);
});
