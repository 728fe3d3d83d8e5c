// kill -9 between the commit of a challenge and the vendor call, and during the call: the code arrives within 15 s all the
// same, and however often it arrives it is one code (design D3, D6). The only waiting is that of the outbox: 10 s of
// silence until a job goes to the queue (ADR 89).
import { until } from '../../support/patience';
import { idle, JOBS } from '../../support/queue';
import type { ChallengeBody } from '../../support/api-client';
import { startSystem, type System } from '../../support/instance';
import { brokenRules } from '../../support/ledger';
import { Person, phoneNumbers } from '../../support/person';

/** 15 s are promised, of which 10 are the silence that must pass; the rest is for a machine that does other things as well. */
const RECOVERY_MILLISECONDS = 20_000;
/** A call ends after 5 s. */
const ANSWER_MILLISECONDS = 4500;
const nextPhone = phoneNumbers();

async function requestsTo(system: System, phone: string): Promise<number> {
  const response = await fetch(`${system.simulator}/requests?provider=telnyx`);
  return ((await response.json()) as { body: string }[]).filter(({ body }) => body.includes(phone)).length;
}

describe.each(['restarted', 'outlived'] as const)(
  'an instance killed with -9 while it sends, then %s by another',
  (how) => {
    let system: System;
    let killed: number;
    const before = nextPhone();
    const during = nextPhone();
    const tokens: Record<string, string> = {};

    beforeAll(async () => {
      system = await startSystem();
      if (how === 'outlived') {
        await system.restart(1);
        process.kill(system.pid(1), 'SIGSTOP'); // so that the jobs are the other's
      }
      const delay = JSON.stringify({ kind: 'delay', ms: ANSWER_MILLISECONDS, count: 1 });
      await fetch(`${system.simulator}/faults/telnyx`, { method: 'PUT', body: delay });
      const register = async (phone: string): Promise<void> => {
        const { status, body } = await new Person(system, phone).register();
        expect(status).toBe(202);
        tokens[phone] = (body as ChallengeBody).challengeToken;
      };
      await register(during);
      const asked = performance.now();
      await until(async () => (await requestsTo(system, during)) === 1, 'the call');
      const client = await system.database.connect();
      await client.query('BEGIN; LOCK TABLE sms_deliveries IN ACCESS EXCLUSIVE MODE');
      await register(before);
      const held = `SELECT 1 FROM ${JOBS} WHERE locked_by IS NOT NULL AND key NOT IN (SELECT 'sms:' || reference_id || ':1' FROM sms_deliveries)`;
      await until(async () => (await client.query(held)).rowCount === 1, 'the job that waits for its record');
      expect(await requestsTo(system, before)).toBe(0);
      await system.kill(0, 'SIGKILL');
      killed = performance.now();
      // Else the record of the answer may be with the database already, which makes it though its client is dead.
      expect(killed - asked).toBeLessThan(ANSWER_MILLISECONDS);
      await client.query('ROLLBACK');
      client.release();
      if (how === 'restarted') await system.restart(0);
      else {
        process.kill(system.pid(1), 'SIGCONT');
        system.apis[0] = system.apis[1]!;
      }
    });

    afterAll(() => system.stop());

    it('F09: between commit and vendor call: the code arrives once the silence is noticed, exactly once, and is right', async () => {
      const code = await system.phone.codeFor(before);
      expect(performance.now() - killed).toBeLessThan(RECOVERY_MILLISECONDS);
      expect(await requestsTo(system, before)).toBe(1);
      const person = new Person(system, before);
      await person.statusWhen(tokens[before]!, ({ delivery }) => delivery === 'sent');
      expect((await person.verify(tokens[before]!, code)).status).toBe(200);
    });

    it('F09: during the vendor call: it is sent again once the silence is noticed, and every copy carries the same code', async () => {
      const isLate = () => performance.now() - killed > RECOVERY_MILLISECONDS;
      await until(async () => (await requestsTo(system, during)) === 2 || isLate(), 'another call');
      expect(await requestsTo(system, during)).toBe(2);
      expect(performance.now() - killed).toBeLessThan(RECOVERY_MILLISECONDS);
      const person = new Person(system, during);
      await person.statusWhen(tokens[during]!, ({ delivery }) => delivery === 'sent');
      const codes = (await system.phone.messages(during)).map(({ code }) => code);
      expect(codes).toHaveLength(2);
      expect(new Set(codes).size).toBe(1);
      expect((await person.verify(tokens[during]!, codes[0])).status).toBe(200);
    });

    it('leaves no job, and the books in order', async () => {
      await idle(system);
      expect(await brokenRules(system.database)).toEqual({});
    });
  },
);
