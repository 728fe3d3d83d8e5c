// Registrations of one number take turns with their messages, one per cooldown. One whose turn would come after its own expiry is
// refused: 202 promises a message that can be used (N10).
import { until } from '../support/patience';
import { jobsLeft } from '../support/queue';
import { startSystem, type System } from '../support/instance';
import { brokenRules } from '../support/ledger';
import { Person, phoneNumbers } from '../support/person';

const COOLDOWN_SECONDS = 600;
const EXPIRY_SECONDS = 300;
const TABLES = [
  'registrations',
  'otp_attempts',
  'failure_budgets',
  'rate_limits',
  'audit_log',
  'graphile_worker.jobs',
  'job_outbox',
];

/** Sent is recorded before the queue lets go of the job. */

describe('the turns of registrations', () => {
  const nextPhone = phoneNumbers();
  let system: System;

  beforeAll(async () => {
    const env = { OTP_RESEND_SECONDS: String(COOLDOWN_SECONDS), OTP_EXPIRY_SECONDS: String(EXPIRY_SECONDS) };
    system = await startSystem({ env });
  });

  afterAll(() => system.stop());

  async function rows(): Promise<Record<string, string[]>> {
    const read = async (table: string): Promise<[string, string[]]> => {
      const { rows: found } = await system.database.query<{ row: string }>(`SELECT t::text AS row FROM ${table} t`);
      // That somebody was refused is on record, once a minute.
      const lasting = found.map(({ row }) => row).filter((row) => !row.includes('excess_rate_limit_exceeded'));
      return [table, lasting.sort()];
    };
    return Object.fromEntries(await Promise.all(TABLES.map(read)));
  }

  it.each(['a free', 'a taken'])(
    'N10: a register of %s number whose turn would come after its expiry is 429 and leaves no rows',
    async (kind) => {
      const person = new Person(system, nextPhone());
      if (kind === 'a taken') {
        await person.joined();
        system.clock.advance(COOLDOWN_SECONDS);
      }
      const first = await person.register();
      expect(first.status).toBe(202);
      await person.statusWhen(first.body.challengeToken, ({ delivery }) => delivery === 'sent');
      await until(async () => (await jobsLeft(system, 'run_at <= now()')) === 0, 'the last of what is due');
      const before = await rows();
      const refused = await person.register();
      expect([refused.status, refused.body.code]).toEqual([429, 'rate_limited']);
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(await rows()).toEqual(before);
      expect(await brokenRules(system.database)).toEqual({});
      // Later its turn comes in time.
      system.clock.advance(COOLDOWN_SECONDS - EXPIRY_SECONDS + 10);
      expect((await person.register()).status).toBe(202);
    },
  );
});
