// F07: a vendor that was down is tried with one message while the others wait for what that finds. They wait for it while the database is
// slow to take its record, too.
import { startSystem, type System } from '../../support/instance';
import { until } from '../../support/patience';
import { Person, phoneNumbers } from '../../support/person';
import { setFault } from '../../support/simulator-control';

const VENDOR = 'telnyx';

describe('the first message to a vendor that was down', () => {
  const nextPhone = phoneNumbers();
  let system: System;

  beforeAll(async () => {
    system = await startSystem({ provider: VENDOR });
  });

  afterAll(() => system.stop());

  it('F07: is waited for by the others until it has its answer, however slow its record and its vendor are', async () => {
    await setFault(system, VENDOR, { kind: 'status', status: 401 });
    const refused = new Person(system, nextPhone());
    const { body } = await refused.register();
    await refused.statusWhen(body.challengeToken, ({ delivery }) => delivery === 'failed');
    system.clock.advance(16); // half open
    await setFault(system, VENDOR, { kind: 'delay', ms: 4500 });
    await system.database.query(
      `CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(2.5); RETURN NULL; END';
       CREATE TRIGGER slow BEFORE INSERT ON sms_deliveries FOR EACH STATEMENT EXECUTE FUNCTION slow()`,
    );
    const [first, second] = [new Person(system, nextPhone()), new Person(system, nextPhone())];
    expect((await first.register()).status).toBe(202);
    const recording = `SELECT FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND datname = current_database()`;
    await until(async () => (await system.database.query(recording)).rowCount !== 0, 'the record');
    const { challengeToken: token } = (await second.register()).body;
    expect(await second.statusWhen(token, ({ delivery }) => delivery !== 'queued')).toMatchObject({ delivery: 'sent' });
  });
});
