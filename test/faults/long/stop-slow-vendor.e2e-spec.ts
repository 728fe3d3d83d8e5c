// F23, F13: an instance is stopped while a vendor takes almost its five seconds for a message, and as many again wait for a place there. What
// has been handed over is seen through; what has not is another run's. Nobody gets a second message, whichever way it came to be sent.
import { setTimeout as sleep } from 'node:timers/promises';
import { LIMITS_OFF } from '../../races/burst';
import { startSystem, type System } from '../../support/instance';
import { until } from '../../support/patience';
import { Person, phoneNumbers } from '../../support/person';
import { allRun, queueAgain } from '../../support/queue';
import { called, setFault } from '../../support/simulator-control';
import { TelnyxWebhooks } from '../../support/telnyx-webhook';
import { json, VendorStub } from '../../support/vendor-stub';

/** The vendor is called twenty times at a time. */
const [SENDS, PLACES] = [35, 20];
const SLOW_MS = 4500;
const [FIRST, SLOW] = ['telnyx', 'twilio'];

describe.each<{ way: string; instances: 1 | 2; vendors: readonly string[] }>([
  { way: 'that the instance began itself', instances: 2, vendors: [SLOW] },
  { way: 'that it had of the queue', instances: 1, vendors: [FIRST, SLOW] },
])('a stop while a vendor is slow with messages $way', ({ instances, vendors }) => {
  const nextPhone = phoneNumbers();
  let system: System;

  beforeAll(async () => {
    system = await startSystem({ instances, provider: vendors.join(), env: LIMITS_OFF });
  });

  afterAll(() => system.stop());

  /** The vendor before it had all these messages, and says that none has arrived: the queue has each for the slow one. */
  async function loseAll(people: readonly Person[]): Promise<void> {
    const webhooks = new TelnyxWebhooks(system);
    for (const { phone } of people) {
      await system.phone.codeFor(phone);
      const lost = webhooks.about(await webhooks.idFor(phone), 'delivery_failed');
      expect((await webhooks.post(lost)).status).toBe(200);
    }
  }

  it('F23: each goes out once, and none is lost', async () => {
    const last = instances - 1;
    await setFault(system, SLOW, { kind: 'delay', ms: SLOW_MS });
    const people = Array.from({ length: SENDS }, () => new Person(system, nextPhone(), undefined, system.apis[last]));
    for (const person of people) expect((await person.register()).status).toBe(202);
    if (vendors.length > 1) await loseAll(people);
    await called(system, SLOW, PLACES);
    expect(await system.kill(last, 'SIGTERM')).toBe(0);
    if (instances === 1) await system.restart(0);
    await allRun(system);
    const received = await Promise.all(people.map(({ phone }) => system.phone.messages(phone)));
    const bySlow = received.map((messages) => messages.filter(({ provider }) => provider === SLOW).length);
    expect(bySlow).toEqual(people.map(() => 1));
  });
});

describe('a call that takes a service two requests', () => {
  const [AGAIN_MS, LATEST_MS] = [3500, 7000];
  let service: VendorStub;
  let system: System;

  beforeAll(async () => {
    service = await VendorStub.start(json(500, {}));
    system = await startSystem({ provider: 'twilio-verify', env: { TWILIO_VERIFY_BASE_URL: service.origin } });
  });

  afterAll(async () => {
    await system.stop();
    await service.stop();
  });

  it('F01, F23: has five seconds for both, so that no stop cuts it', async () => {
    const seen: number[] = [];
    const ended = new Promise<number>((resolve) => {
      service.answer = (response) => {
        seen.push(performance.now());
        // It does not speak the language, and takes its time to say so; asked again without one it says nothing.
        if (seen.length === 1) setTimeout(() => json(404, { code: 60200 })(response), AGAIN_MS);
        else response.on('close', () => resolve(performance.now()));
      };
    });
    const person = new Person(system, phoneNumbers()());
    const { challengeToken } = (await person.register({ locale: 'de' })).body;
    const took = (await ended) - (seen[0] ?? 0);
    expect([seen.length, took < LATEST_MS]).toEqual([2, true]);
    await person.statusWhen(challengeToken, ({ delivery }) => delivery === 'failed');
  });
});

describe('a stop while the database is slow', () => {
  const nextPhone = phoneNumbers();
  let system: System;

  beforeAll(async () => {
    system = await startSystem();
  });

  afterAll(() => system.stop());

  it('F23: no job is begun once the drain is over, whatever else there is to be written first', async () => {
    const { database } = system;
    const person = new Person(system, nextPhone());
    await person.challenged('register');
    await allRun(system);
    // What the instance writes last of itself.
    await database.query(
      `CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(2.5); RETURN NULL; END';
       CREATE TRIGGER slow BEFORE UPDATE ON database_state FOR EACH STATEMENT EXECUTE FUNCTION slow()`,
    );
    const stopped = system.end(0);
    const ending = `SELECT FROM audit_log WHERE event = 'sys_shutdown'`;
    await until(async () => (await database.query(ending)).rowCount !== 0, 'the record of its end');
    await sleep(500);
    await queueAgain(system, person.phone);
    expect(await stopped).toBe(0);
    const { rows } = await database.query(`SELECT attempts FROM graphile_worker.jobs WHERE task_identifier = 'sms'`);
    expect(rows).toEqual([{ attempts: 0 }]);
    await database.query('DROP FUNCTION slow CASCADE');
    await system.restart(0);
    await allRun(system);
  });
});
