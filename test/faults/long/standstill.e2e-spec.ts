// F09, F13: an instance stands still for as long as it takes the others to have its jobs, and goes on where it stood: between the record of a
// hand-over and its call. It finds out before it calls; the message goes out once.
import { setTimeout as sleep } from 'node:timers/promises';
import { handOversTo } from '../../support/deliveries';
import { startSystem, type System } from '../../support/instance';
import { Person, phoneNumbers } from '../../support/person';
import { allRun, queueAgain } from '../../support/queue';
import { requestsTo } from '../../support/simulator-control';

const VENDOR = 'telnyx';

describe('an instance that stands still', () => {
  const nextPhone = phoneNumbers();
  let system: System;

  beforeAll(async () => {
    system = await startSystem({ instances: 2 });
  });

  afterAll(() => system.stop());

  async function until(holds: () => Promise<boolean>): Promise<void> {
    while (!(await holds())) await sleep(20);
  }

  /** Its record is about to be written, and is while the process stands still. @returns what goes on with the process */
  async function stopBeforeCall(instance: number, begin: () => Promise<void>): Promise<() => void> {
    const client = await system.database.connect();
    try {
      await client.query('BEGIN; LOCK TABLE sms_deliveries IN SHARE ROW EXCLUSIVE MODE');
      await begin();
      await until(async () => {
        const waiting = `SELECT FROM pg_locks WHERE NOT granted AND relation = 'sms_deliveries'::regclass`;
        return (await client.query(waiting)).rowCount === 1;
      });
      process.kill(system.pid(instance), 'SIGSTOP');
    } finally {
      await client.query('COMMIT');
      client.release();
    }
    return () => process.kill(system.pid(instance), 'SIGCONT');
  }

  /** The others have sent it; now the instance goes on. */
  async function wake(instance: 0 | 1, person: Person, goOn: () => void): Promise<void> {
    await until(async () => (await handOversTo(system, person.phone))[0]?.status === 'sent');
    goOn();
    await until(async () => (await system.apis[instance]?.get('/health/live'))?.status === 200);
    await allRun(system);
    expect(await handOversTo(system, person.phone)).toEqual([{ provider: VENDOR, status: 'sent', kind: null }]);
  }

  it('hands over nothing that it had begun itself, and others have by then', async () => {
    const person = new Person(system, nextPhone(), undefined, system.apis[1]);
    const goOn = await stopBeforeCall(1, async () => void (await person.register()));
    await wake(1, person, goOn);
    expect(await system.phone.messages(person.phone)).toHaveLength(1);
    expect(await requestsTo(system, VENDOR, 'POST')).toHaveLength(1);
  });

  it('nor what it had of the queue', async () => {
    await system.kill(1, 'SIGTERM');
    const person = new Person(system, nextPhone());
    await person.challenged('register');
    await system.database.query('DELETE FROM sms_deliveries');
    const goOn = await stopBeforeCall(0, () => queueAgain(system, person.phone));
    await system.restart(1);
    await wake(0, person, goOn);
    expect(await system.phone.messages(person.phone)).toHaveLength(2);
    expect(await requestsTo(system, VENDOR, 'POST')).toHaveLength(3);
  });
});
