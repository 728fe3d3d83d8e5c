// F22: the event loop stands still, for once or again and again. One stall of two seconds loses nothing and takes nobody out; a loop that
// is late for seconds says so at readiness, which is taken back by itself. The process is stopped by a signal: no hook is in the product.
import { setTimeout as sleep } from 'node:timers/promises';
import type { ApiClient } from '../../support/api-client';
import { scraped, sumOf } from '../../support/exposition';
import { startSystem, type System } from '../../support/instance';
import { brokenRules } from '../../support/ledger';
import { until } from '../../support/patience';
import { Person, phoneNumbers } from '../../support/person';

const STALL_MS = 2000;
/** Of the bound on the 99th percentile, 500 ms. */
const LATE_MS = 700;
const BREATH_MS = 60;
const SOON_MS = 60_000;
const nextPhone = phoneNumbers();
let system: System;

beforeAll(async () => {
  system = await startSystem({ instances: 2, env: { JWT_ISSUER: 'https://id.example' } });
});
afterAll(() => system.stop());

async function stall(instance: number, milliseconds: number): Promise<void> {
  process.kill(system.pid(instance), 'SIGSTOP');
  await sleep(milliseconds);
  process.kill(system.pid(instance), 'SIGCONT');
}

const ready = async (api: ApiClient): Promise<number> => (await api.get('/health/ready')).status;

async function readyIs(api: ApiClient, wanted: number, meanwhile: () => Promise<void>): Promise<void> {
  const look = async (): Promise<boolean> => {
    if ((await ready(api)) === wanted) return true;
    await meanwhile();
    return false;
  };
  await until(look, `readiness ${wanted}`, SOON_MS, 1);
}

/** Since it was last asked for, by whomever, in seconds. */
async function longestLag(): Promise<number> {
  return sumOf(await scraped(system), 'latchkey_nodejs_eventloop_lag_max_seconds');
}

it('F22: requests that wait through a stall of 2 s are answered, and every code arrives', async () => {
  const people = Array.from({ length: 6 }, () => new Person(system, nextPhone(), undefined, system.apis[0]));
  const stalled = stall(0, STALL_MS);
  const answers = await Promise.all(people.map((person) => person.register()));
  await stalled;
  expect(answers.map(({ status }) => status)).toEqual(people.map(() => 202));
  for (const [at, person] of people.entries()) {
    const code = await system.phone.codeFor(person.phone);
    expect((await person.verify(answers[at]?.body.challengeToken ?? '', code)).status).toBe(200);
  }
  expect(await brokenRules(system.database)).toEqual({});
});

it('F22: a loop that is late for seconds is not ready, the other instance serves, and afterwards it is ready again', async () => {
  const [late, well] = system.both;
  const lags: number[] = [];
  await readyIs(late, 200, () => sleep(200)); // what the stall before left behind
  await readyIs(late, 503, async () => {
    await stall(0, LATE_MS);
    await sleep(BREATH_MS);
    lags.push(await longestLag());
  });
  expect(system.logs()).toContain('event loop late');
  expect(Math.max(...lags)).toBeGreaterThan(0.5);
  expect(await ready(well)).toBe(200);
  expect((await late.get('/health/live')).status).toBe(200);
  expect((await new Person(system, nextPhone(), undefined, well).register()).status).toBe(202);
  await readyIs(late, 200, () => sleep(200));
});
