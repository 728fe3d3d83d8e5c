// P5, P6: floods. A flood of requests holds every connection of the pool. A stranger who got through still gets the code while the flood goes on,
// because jobs have connections of their own.
import { setTimeout as sleep } from 'node:timers/promises';
import type { ProblemBody } from '../support/api-client';
import { forgotten, kind, opens, resetAt } from '../support/credentials';
import { scraped, sumOf } from '../support/exposition';
import { startSystem, type System } from '../support/instance';
import { waitingForLocks } from '../support/locks';
import { until } from '../support/patience';
import { Person, phoneNumbers, wrongCodes } from '../support/person';
import { StatementTap } from '../support/statement-tap';
import { LIMITS_OFF } from '../races/burst';

/** A pool of 20, with a second for a lock and two for a connection: the queue of these never empties. */
const FLOOD = 120;
/** How long a statement waits for a row (security.md 5.8). */
const LOCK_TIMEOUT_MS = 1000;

describe('a flood that exhausts the pool', () => {
  const nextPhone = phoneNumbers();
  let system: System;

  beforeAll(async () => {
    system = await startSystem({ env: LIMITS_OFF });
  });

  afterAll(() => system.stop());

  // ASVS 15.4.4
  it('P6: while verifies of one account wait for its locked row, another number registers and gets its code', async () => {
    const target = new Person(system, nextPhone());
    await target.joined();
    const { token, code } = await target.challenged('login');
    const wrong = wrongCodes(code, 1)[0];
    const stranger = new Person(system, nextPhone());
    const waiting = async () => sumOf(await scraped(system), 'latchkey_database_waiting', { pool: 'requests' });
    const answers = new Set<string>();
    let over = false;
    const client = await system.database.connect();
    await client.query('BEGIN');
    await client.query('SELECT FROM users WHERE phone = $1 FOR UPDATE', [target.phone]);
    const flood = Array.from({ length: FLOOD }, async () => {
      while (!over) {
        const { body } = await target.verify(token, wrong);
        answers.add(body.code ?? 'tokens');
      }
    });
    try {
      await until(() => system.logs().includes('no free connection'), 'the log line');
      // At which deploy/prometheus wakes somebody.
      await until(async () => (await waiting()) > 20, 'the queue for connections');
      // Its own statement has to find a connection, as any other's.
      const served = async () => {
        const answer = await stranger.register();
        return answer.status !== 503 && answer;
      };
      const registered = await until(served, 'an answer to a stranger', 45_000);
      expect(registered.status).toBe(202);
      expect(await system.phone.codeFor(stranger.phone)).toMatch(/^\d{6}$/);
      // Not by luck in the queue for the flooded pool.
      const own = `SELECT FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'latchkey-work'`;
      expect((await system.database.query(own)).rowCount).toBeGreaterThan(0);
      // The lock is still held: of the flood nothing has got through. What could not be judged was counted, so that
      // the challenge may lock meanwhile.
      expect([...answers].filter((code) => code !== 'challenge_locked')).toEqual(['overloaded']);
    } finally {
      over = true;
      await client.query('ROLLBACK');
      client.release();
      await Promise.all(flood);
    }
  });
});

// Without a place at the hashes a login asks the database nothing, so that a flood of them is cheap for everybody else (performance.md 8.1).
describe('a flood of logins', () => {
  const CROWD = 60;
  let system: System;
  let tap: StatementTap;

  beforeAll(async () => {
    system = await startSystem();
    tap = await StatementTap.before(system.databaseUrl, 'latchkey');
    const env = { ...LIMITS_OFF, BCRYPT_COST: '9', BCRYPT_CONCURRENCY: '1' };
    await system.restart(0, { ...env, DATABASE_URL: tap.through(system.databaseUrl) });
  });

  afterAll(async () => {
    await system.stop();
    await tap.close();
  });

  it('A49, P5: who finds no room is refused before an account is looked up, and nothing is counted', async () => {
    tap.taken();
    const phones = phoneNumbers();
    const answers = await Promise.all(Array.from({ length: CROWD }, () => new Person(system, phones()).login()));
    const codes = answers.map(({ body }) => (body as Partial<ProblemBody>).code);
    const judged = codes.filter((code) => code === 'credentials_invalid').length;
    expect(codes.filter((code) => code === 'overloaded')).toHaveLength(CROWD - judged);
    expect(judged).toBeGreaterThan(0);
    expect(judged).toBeLessThan(CROWD);
    const asked = tap.taken();
    const times = (name: string): number => asked.filter((one) => one === name).length;
    // Who was let in and waited for two seconds in vain, on a slow machine, gets the attempt back.
    const inVain = times('login_give_attempt_back');
    expect(times('login_attempt_by_phone')).toBe(judged + inVain);
    expect(inVain).toBeLessThan(CROWD - judged);
    expect(sumOf(await scraped(system), 'latchkey_password_hashing_refused')).toBe(CROWD - judged);
  });
});

describe('a flood of logins that wait for longer than anybody may', () => {
  const NEW = 'the-new-one-of-the-flood-9';
  let system: System;

  beforeAll(async () => {
    // Eight that wait are three seconds of hashing, a second more than a login waits.
    system = await startSystem({ env: { ...LIMITS_OFF, BCRYPT_COST: '13', BCRYPT_CONCURRENCY: '1' } });
  });
  afterAll(() => system.stop());

  it('refuses no reset whose code is right: it would be used up for nothing', async () => {
    const phones = phoneNumbers();
    const person = new Person(system, phones());
    await person.joined();
    const { token, code } = await forgotten(person);
    const refused = async () => sumOf(await scraped(system), 'latchkey_password_hashing_refused');
    let over = false;
    const flood = Array.from({ length: 20 }, async () => {
      const stranger = new Person(system, phones());
      while (!over) await stranger.login();
    });
    try {
      await until(async () => (await refused()) > 20, 'a crowd that is refused');
      expect(kind(await resetAt(system.api, token, code, NEW))).toBe('204');
    } finally {
      over = true;
      await Promise.all(flood);
    }
    expect(await opens(person, NEW)).toBe(true);
  });

  it('nor one whose account is held for longer than a statement waits, when its code is used up', async () => {
    const person = new Person(system, '+14152999999');
    await person.joined();
    const { token, code } = await forgotten(person);
    const client = await system.database.connect();
    try {
      const reset = resetAt(system.api, token, code, NEW);
      const used = `SELECT FROM otp_attempts WHERE phone = $1 AND purpose = 'reset' AND consumed_at IS NOT NULL`;
      const isUsed = async () => (await client.query(used, [person.phone])).rowCount === 1;
      await until(isUsed, 'the code is used up', 10_000, 5);
      await client.query('BEGIN');
      await client.query('SELECT FROM users WHERE phone = $1 FOR UPDATE', [person.phone]);
      await until(async () => (await waitingForLocks(client)) > 0, 'the first try');
      await sleep(LOCK_TIMEOUT_MS + 100);
      await client.query('COMMIT');
      expect(kind(await reset)).toBe('204');
    } finally {
      client.release();
    }
    expect(await opens(person, NEW)).toBe(true);
  });
});
