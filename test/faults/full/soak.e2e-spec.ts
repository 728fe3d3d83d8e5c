// F34: days of work in eight quarters, with a hundred days of the Clock between them and a clearing out after each. What is kept only for a
// while is gone each time, connections and memory stay as they were. SOAK_PEOPLE is how many join in a quarter: 10 unless told.
import { readdirSync } from 'node:fs';
import { until } from '../../support/patience';
import { jobsLeft } from '../../support/queue';
import { startSystem, type System } from '../../support/instance';
import { Person, phoneNumbers } from '../../support/person';
import { residentBytes } from '../../support/processes';
import { retentionRules } from '../../../src/ops/retention/retention.rules';
import { LIMITS_OFF } from '../../races/burst';
import { tell } from '../load/traffic';

const PEOPLE = Number(process.env['SOAK_PEOPLE'] ?? 10);
const TOGETHER = 4;
const QUARTERS = 8;
const PAUSE_SECONDS = 100 * 24 * 3600;
/** Memory of the last three: before them code is compiled and connections open. Sizes: 10, or 70 and more, for the heap grows until about 500 people, then it is cleaned. */
const GROWTH_BYTES = 30 * 1024 * 1024;
const HANDLES = 8;
const nextPhone = phoneNumbers();
let system: System;

beforeAll(async () => {
  system = await startSystem({ env: LIMITS_OFF });
});
afterAll(() => system.stop());

async function quarter(): Promise<void> {
  let left = PEOPLE;
  const worker = async (): Promise<void> => {
    while ((left -= 1) >= 0) {
      const person = new Person(system, nextPhone());
      await person.joined();
      const { refreshToken } = await person.again();
      await person.login({ password: 'none of theirs' });
      await system.api.post('/v1/auth/token/refresh', { refreshToken });
      await new Person(system, nextPhone()).register();
    }
  };
  await Promise.all(Array.from({ length: TOGETHER }, worker));
}

/**
 * Rows of what has an end, keys of ours aside: there is always one. Those that jobs of the minute make meanwhile, by the machine's clock, are
 * none of them: their own row in the queue (its rule is about jobs that failed for good), and what they write after the pause.
 */
async function rows(before: Date): Promise<Record<string, number>> {
  const found: Record<string, number> = {};
  for (const { table, column, only = 'true' } of retentionRules.filter((rule) => rule.table !== 'signing_keys')) {
    const counted = `SELECT count(*)::int AS n FROM ${table} WHERE ${column} < $1 AND ${only}`;
    const n = (await system.database.query<{ n: number }>(counted, [before])).rows[0]?.n ?? 0;
    if (n > 0) found[table] = n;
  }
  return found;
}

async function none(jobs: string): Promise<void> {
  await until(async () => (await jobsLeft(system, jobs)) === 0, `the last job with ${jobs}`, 300_000);
}

/**
 * The pause begins when all is sent: a message that is still under way after it is told as one of that day (F11), and its record is
 * kept for ninety days from there.
 */
async function paused(): Promise<Date> {
  await none(`task_identifier IN ('sms', 'mail')`);
  system.clock.advance(PAUSE_SECONDS);
  return system.clock.now();
}

/** With the clearing out of the hour, should it fall into this moment: what one of them holds the other leaves to it. */
async function clearedOut(): Promise<void> {
  await system.database.query(`SELECT graphile_worker.add_job('retention', job_key => 'clear')`);
  await none(`task_identifier = 'retention'`);
}

function handles(): number {
  try {
    return readdirSync(`/proc/${system.pid(0)}/fd`).length;
  } catch {
    return 0; // no such list on this system
  }
}

it('F34: over eight quarters nothing that has an end is left behind, and connections and memory stay flat', async () => {
  const seen: { handles: number; bytes: number }[] = [];
  for (let n = 0; n < QUARTERS; n += 1) {
    await quarter();
    const before = await paused();
    const made = Object.keys(await rows(before));
    expect(made).toEqual(expect.arrayContaining(['otp_attempts', 'sessions', 'sms_deliveries']));
    await clearedOut();
    // What a job of the minute held is left for the next time.
    if (Object.keys(await rows(before)).length > 0) await clearedOut();
    expect(await rows(before)).toEqual({});
    seen.push({ handles: handles(), bytes: residentBytes(system.pid(0)) });
  }
  tell('soak', {
    people: PEOPLE * QUARTERS,
    handles: seen.map((of) => of.handles),
    rssMB: seen.map(({ bytes }) => Math.round(bytes / 2 ** 20)),
  });
  const [settled, , last] = seen.slice(-3);
  expect((last?.handles ?? 0) - (settled?.handles ?? 0)).toBeLessThanOrEqual(HANDLES);
  expect((last?.bytes ?? 0) - (settled?.bytes ?? 0)).toBeLessThan(GROWTH_BYTES);
}, 1_800_000);
