// F18: the database goes away at moments at which the queue's engine leaves a rejection unhandled. None of these ends the process.
import { setTimeout as sleep } from 'node:timers/promises';
import { LIMITS_OFF_BUT_OF_NUMBERS } from '../races/burst';
import { startSystem, type System } from '../support/instance';
import { brokenRules } from '../support/ledger';
import { until } from '../support/patience';
import { Person, phoneNumbers } from '../support/person';
import { JOBS } from '../support/queue';
import { clearFault, setFault } from '../support/simulator-control';
import { TcpProxy } from '../support/tcp-proxy';

/** Places of the queue, and as many of the outbox. */
const PLACES = 40;
/** As many calls as a vendor gets at a time. */
const CALLS = 20;
const CROWD = 3 * PLACES;
const STEP_MILLISECONDS = 240;

interface Registered {
  /** Asks for another code. */
  readonly again: () => Promise<unknown>;
}

describe('the engine of the queue, when the database goes away', () => {
  const nextPhone = phoneNumbers();
  let system: System;
  let proxy: TcpProxy;

  beforeAll(async () => {
    system = await startSystem({ env: { ...LIMITS_OFF_BUT_OF_NUMBERS, BCRYPT_COST: '4' } });
    proxy = await TcpProxy.to(system.databaseUrl);
    await system.restart(0, { DATABASE_URL: proxy.through(system.databaseUrl) });
  });

  afterAll(async () => {
    await system.stop();
    await proxy.close();
  });

  const registered = async (): Promise<Registered> => {
    const person = new Person(system, nextPhone());
    const { token } = await person.challenged('register');
    return { again: () => person.resend(token) };
  };

  /** Jobs that the queue's engine has: those that run, one that it has fetched and that waits for a place, and those whose end is not reported. */
  const held = async (): Promise<number | null> =>
    (await system.database.query('SELECT FROM graphile_worker._private_jobs WHERE locked_by IS NOT NULL')).rowCount;

  /** Until it is so, and the work on the last job that has ended is over. */
  const settledAt = async (jobs: number): Promise<void> => {
    let since = Infinity;
    const isSettled = async (): Promise<boolean> => {
      since = (await held()) === jobs ? Math.min(since, performance.now()) : Infinity;
      return performance.now() - since >= STEP_MILLISECONDS / 4;
    };
    await until(isSettled, `${jobs} jobs in the engine`, 60_000, 5);
  };

  it('F18: is begun anew when it could not give back a job that waited for a place, and everybody gets the code', async () => {
    const people: Registered[] = [];
    while (people.length < CROWD) people.push(await registered());
    await setFault(system, 'telnyx', { kind: 'delay', ms: CALLS * STEP_MILLISECONDS });
    system.clock.advance(120);
    const reported = proxy.stallAt('complete_job');
    // From the first on, one call ends at each step.
    for (const { again } of people.splice(0, CALLS)) await Promise.all([again(), sleep(STEP_MILLISECONDS)]);
    await Promise.all(people.map(({ again }) => again()));
    await reported;
    await settledAt(PLACES + 2);
    await proxy.become('refuse');
    await clearFault(system, 'telnyx');
    await sleep(1000);
    await proxy.become('pass');
    await until(async () => (await system.api.get('/health/ready')).status === 200, 'readiness', 45_000, 50);
    const undone = `SELECT FROM ${JOBS} WHERE task_identifier = 'sms'`;
    await until(async () => (await system.database.query(undone)).rowCount === 0, 'the end of all jobs', 60_000);
    expect(await brokenRules(system.database)).toEqual({});
  });

  it('F18: ends as it should when the connection on which it was to listen is lost while the process stops', async () => {
    const listening = proxy.stallAt('LISTEN "jobs:insert"; LISTEN');
    await system.restart(0, { DATABASE_URL: proxy.through(system.databaseUrl) });
    await listening;
    const ended = system.end(0);
    await sleep(1000); // by now the engine waits for the answer
    await proxy.become('refuse');
    expect(await ended).toBe(0);
  });
});
