// F08: the client goes away right after it has sent a request that sends a code. What is committed is whole, and a retry
// brings one message within the cooldown.
import { connect } from 'node:net';
import { until } from '../support/patience';
import { JOBS } from '../support/queue';
import type { ChallengeBody } from '../support/api-client';
import { startSystem, type System } from '../support/instance';
import { brokenRules } from '../support/ledger';
import { Person, PASSWORD, phoneNumbers } from '../support/person';

const ROUNDS = Number(process.env['RACE_ROUNDS'] ?? 50);
const COOLDOWN_SECONDS = 30;
const nextPhone = phoneNumbers();

/** Sends the request and resets the connection; every fifth time before the last byte of the body, so that nothing may happen. */
function sendAndLeave(origin: string, path: string, body: object, round: number): Promise<void> {
  const text = JSON.stringify(body);
  const sent = round % 5 === 0 ? text.slice(0, -1) : text;
  const head = `POST ${path} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${text.length}\r\n\r\n`;
  const { hostname, port } = new URL(origin);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname, () => {
      socket.write(head + sent);
      // From before the first line is read to after the commit: 0 to 20 ms.
      setTimeout(() => socket.resetAndDestroy(), (round % 50) * 0.4);
    });
    socket.on('error', () => undefined).on('close', () => resolve());
  });
}

describe('a client that leaves before the answer (F08)', () => {
  let system: System;
  const registering: string[] = [];
  const known: string[] = [];
  const tokens: string[] = [];

  beforeAll(async () => {
    system = await startSystem();
    const first = new Person(system, nextPhone());
    await first.joined();
    for (let round = 0; round < ROUNDS; round += 1) {
      registering.push(nextPhone());
      known.push(nextPhone());
    }
    // Accounts like the first, with its password; signing each up is another test's matter.
    await system.database.query(
      `WITH made AS (INSERT INTO users (id, phone, password_hash, last_authenticated_at, created_at)
         SELECT gen_random_uuid(), n, u.password_hash, u.last_authenticated_at, u.created_at FROM users u, unnest($1::text[]) n RETURNING id)
       INSERT INTO audit_log (at, event, user_id) SELECT now(), 'user_created', id FROM made`,
      [known],
    );
  });

  afterAll(() => system.stop());

  /** No request is being answered and every message that is due has been handed over. */
  async function quiet(): Promise<void> {
    const busy = `SELECT (SELECT count(*) FROM ${JOBS} WHERE run_at <= now())
      + (SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'latchkey' AND state = 'active') AS n`;
    let calm = 0;
    const isCalm = async (): Promise<boolean> => {
      const { rows } = await system.database.query<{ n: string }>(busy);
      calm = rows[0]?.n === '0' ? calm + 1 : 0;
      return calm === 5;
    };
    await until(isCalm, 'quiet', 30_000, 30);
  }

  async function messageCounts(phones: readonly string[]): Promise<Set<number>> {
    return new Set(await Promise.all(phones.map(async (phone) => (await system.phone.messages(phone)).length)));
  }

  async function sendsCloserThanTheCooldown(): Promise<number> {
    const { rows } = await system.database.query<{ n: string }>(
      `SELECT count(*) AS n FROM (SELECT at - lag(at) OVER (PARTITION BY phone, purpose ORDER BY at) AS gap
         FROM otp_attempts c, unnest(c.sends) AS at) gaps WHERE gap < make_interval(secs => $1)`,
      [COOLDOWN_SECONDS],
    );
    return Number(rows[0]?.n);
  }

  it('F08: a registration is there as a whole or not at all, and a retry brings one message within the cooldown', async () => {
    for (const [round, phone] of registering.entries()) {
      await sendAndLeave(system.api.url, '/v1/auth/register', { phone, password: PASSWORD }, round);
    }
    await quiet();
    expect(await brokenRules(system.database)).toEqual({});
    for (const phone of registering) {
      const { status, body } = await new Person(system, phone).register();
      expect(status).toBe(202);
      tokens.push(body.challengeToken);
    }
    await quiet();
    expect(await brokenRules(system.database)).toEqual({});
    expect(await messageCounts(registering)).toEqual(new Set([1]));
    expect(await sendsCloserThanTheCooldown()).toBe(0);
  });

  it('F08: a login is there as a whole or not at all, and a retry brings one message within the cooldown', async () => {
    for (const [round, identifier] of known.entries()) {
      await sendAndLeave(system.api.url, '/v1/auth/login', { identifier, password: PASSWORD }, round);
    }
    await quiet();
    for (const phone of known) {
      const { status, headers } = await new Person(system, phone).login();
      // 429: the first was committed, and its code is on the phone.
      expect([200, 429]).toContain(status);
      if (status === 429) expect(Number(headers.get('retry-after'))).toBeLessThanOrEqual(COOLDOWN_SECONDS);
    }
    await quiet();
    expect(await brokenRules(system.database)).toEqual({});
    expect(await messageCounts(known)).toEqual(new Set([1]));
  });

  it('F08: a resend is counted, shown and sent as one, and a retry adds none within the cooldown', async () => {
    system.clock.advance(3 * COOLDOWN_SECONDS);
    const { rows } = await system.database.query<{ sends: number }>(
      'SELECT sum(cardinality(sends))::int AS sends FROM otp_attempts',
    );
    for (const [round, challengeToken] of tokens.entries()) {
      await sendAndLeave(system.api.url, '/v1/auth/otp/resend', { challengeToken }, round);
    }
    await quiet();
    for (const challengeToken of tokens) {
      const answer = await system.api.post<ChallengeBody>('/v1/auth/otp/resend', { challengeToken });
      expect([202, 429]).toContain(answer.status);
    }
    await quiet();
    const after = await system.database.query<{ sends: number }>(
      'SELECT sum(cardinality(sends))::int AS sends FROM otp_attempts',
    );
    expect(after.rows[0]!.sends - rows[0]!.sends).toBe(ROUNDS);
    expect(await sendsCloserThanTheCooldown()).toBe(0);
    expect(await brokenRules(system.database)).toEqual({});
  });
});
