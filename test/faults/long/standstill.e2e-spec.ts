// F09, F13: an instance stands still for as long as it takes the others to have its jobs, and goes on where it stood: between the record of a
// hand-over and its call, or before a job that it has fetched. It finds out before it calls; the message goes out once. Where the others have not
// taken the job, it is sent as if nobody had begun. The waits are the product's own.
import { setTimeout as sleep } from 'node:timers/promises';
import { handOversTo } from '../../support/deliveries';
import { NOTICED_MILLISECONDS, standStillAt } from '../../support/held-statement';
import { startSystem, type System } from '../../support/instance';
import { until } from '../../support/patience';
import { Person, phoneNumbers } from '../../support/person';
import { allRun, queueAgain } from '../../support/queue';
import { clearFault, requestsTo, setFault } from '../../support/simulator-control';

const VENDOR = 'telnyx';
/** Begins another verification at each start. */
const SERVICE = 'infobip-2fa';

const DELIVERIES = 'sms_deliveries';
const QUEUE = 'graphile_worker._private_jobs';

describe('an instance that stands still', () => {
  const nextPhone = phoneNumbers();
  let system: System;

  beforeAll(async () => {
    system = await startSystem({ instances: 2 });
  });

  afterAll(() => system.stop());

  const calls = async () => (await requestsTo(system, VENDOR, 'POST')).length;

  /** A code has come, and nothing is on record of it; one instance runs. */
  async function alone(): Promise<Person> {
    await system.end(1);
    const person = new Person(system, nextPhone());
    await person.challenged('register');
    await allRun(system);
    await system.database.query('DELETE FROM sms_deliveries');
    return person;
  }

  async function goOnOf(instance: 0 | 1, person: Person, goOn: () => void): Promise<void> {
    goOn();
    await until(async () => (await system.apis[instance]?.get('/health/live'))?.status === 200, 'its sign of life');
    await allRun(system);
    expect(await handOversTo(system, person.phone)).toEqual([{ provider: VENDOR, status: 'sent', kind: null }]);
  }

  /** The others have sent it; now the instance goes on. */
  async function wake(instance: 0 | 1, person: Person, goOn: () => void): Promise<void> {
    await until(async () => (await handOversTo(system, person.phone))[0]?.status === 'sent', 'the record of the send');
    await goOnOf(instance, person, goOn);
  }

  it('hands over nothing that it had begun itself, and others have by then', async () => {
    const person = new Person(system, nextPhone(), undefined, system.apis[1]);
    const goOn = await standStillAt(system, 1, DELIVERIES, async () => void (await person.register()));
    await wake(1, person, goOn);
    expect(await system.phone.messages(person.phone)).toHaveLength(1);
    expect(await calls()).toBe(1);
  });

  it('hands over nothing that it had taken from the queue, and others have by then', async () => {
    const person = await alone();
    const before = await calls();
    const goOn = await standStillAt(system, 0, DELIVERIES, () => queueAgain(system, person.phone));
    await system.restart(1);
    await wake(0, person, goOn);
    expect(await system.phone.messages(person.phone)).toHaveLength(2);
    expect(await calls()).toBe(before + 1);
  });

  it('hands over nothing that the queue had given it, that it had not begun, and that others have by then', async () => {
    const person = await alone();
    const before = await calls();
    const goOn = await standStillAt(system, 0, QUEUE, (database) => queueAgain({ database }, person.phone));
    await setFault(system, VENDOR, { kind: 'delay', ms: 4500 });
    await system.restart(1);
    await until(async () => (await calls()) > before, 'the call');
    await goOnOf(0, person, goOn);
    await clearFault(system, VENDOR);
    expect(await system.phone.messages(person.phone)).toHaveLength(2);
    expect(await calls()).toBe(before + 1);
  });
});

describe.each([VENDOR, SERVICE])(
  'an instance that stood still before it called %s, and had its jobs to itself',
  (provider) => {
    const nextPhone = phoneNumbers();
    let system: System;

    beforeAll(async () => {
      system = await startSystem({ provider });
    });

    afterAll(() => system.stop());

    it('F13: has sent nothing, says so, and sends it once', async () => {
      const person = new Person(system, nextPhone());
      let token = '';
      const goOn = await standStillAt(system, 0, DELIVERIES, async () => {
        token = (await person.register()).body.challengeToken;
      });
      await sleep(NOTICED_MILLISECONDS);
      goOn();
      expect(await person.statusWhen(token, ({ delivery }) => delivery !== 'queued')).toMatchObject({
        delivery: 'sent',
      });
      await allRun(system);
      expect(await handOversTo(system, person.phone)).toEqual([{ provider, status: 'sent', kind: null }]);
      expect(await system.phone.messages(person.phone)).toHaveLength(1);
    });
  },
);
