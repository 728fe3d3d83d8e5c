// F09, F18, F19, N10: the database refuses the one statement that reports a job as done. The process stays up, goes on sending without a
// restart, and the job that runs again sends nothing: its hand-over is on record. And a job that was taken while the answer got lost is taken again.
import { startSystem, type System } from '../../support/instance';
import { brokenRules } from '../../support/ledger';
import { KillPoints } from '../../support/kill-points';
import { until } from '../../support/patience';
import { Person, phoneNumbers } from '../../support/person';
import { allRun, failedTimes, idle, queueAgain } from '../../support/queue';
import { StatementTap } from '../../support/statement-tap';

describe.each([
  { where: 'the queue', table: 'graphile_worker._private_jobs', said: /worker failed|unhandled|"context":"process"/ },
  { where: 'the outbox', table: 'job_outbox', said: /outbox failed|unhandled|"context":"process"/ },
])('a job whose end cannot be recorded in $where', ({ table, said }) => {
  const nextPhone = phoneNumbers();
  let system: System;

  beforeAll(async () => {
    system = await startSystem();
    await system.database.query(`
      CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'too many' USING ERRCODE = '53300'; END $$;
      CREATE TRIGGER refuse BEFORE DELETE ON ${table} FOR EACH ROW EXECUTE FUNCTION refuse()`);
  });

  afterAll(() => system.stop());

  it('F18: does not end the process; the next code arrives, and the first is not sent again', async () => {
    const [first, second] = [new Person(system, nextPhone()), new Person(system, nextPhone())];
    const { token, code } = await first.challenged('register');
    await queueAgain(system, first.phone);
    await until(() => said.test(system.logs()), `a log line like ${String(said)}`);
    await system.database.query(`DROP TRIGGER refuse ON ${table}; DROP FUNCTION refuse()`);
    expect((await system.api.get('/health/live')).status).toBe(200);
    expect((await second.challenged('register')).code).toMatch(/^\d{6}$/);
    await idle(system);
    expect((await system.phone.messages(first.phone)).map((message) => message.code)).toEqual([code]);
    expect((await first.verify(token, code)).status).toBe(200);
    expect(await brokenRules(system.database)).toEqual({});
  });
});

describe('a send whose record the database refuses again and again', () => {
  const nextPhone = phoneNumbers();
  let system: System;

  beforeAll(async () => {
    system = await startSystem();
  });

  afterAll(() => system.stop());

  it('F19, F20, N10: is tried for as long as its code is good, and after that told as failed', async () => {
    const [patient, late] = [new Person(system, nextPhone()), new Person(system, nextPhone())];
    await system.database.query('ALTER TABLE sms_deliveries ADD CONSTRAINT refuse CHECK (false) NOT VALID');
    const first = (await patient.register()).body.challengeToken;
    await failedTimes(system, 4);
    await system.database.query('ALTER TABLE sms_deliveries DROP CONSTRAINT refuse');
    await allRun(system);
    const code = await system.phone.codeFor(patient.phone);
    expect((await patient.verify(first, code)).status).toBe(200);

    await system.database.query('ALTER TABLE sms_deliveries ADD CONSTRAINT refuse CHECK (false) NOT VALID');
    const second = (await late.register()).body.challengeToken;
    await failedTimes(system, 5);
    system.clock.advance(301);
    await system.database.query('ALTER TABLE sms_deliveries DROP CONSTRAINT refuse');
    await allRun(system);
    await late.statusWhen(second, ({ delivery }) => delivery === 'failed');
    expect(await system.phone.messages(late.phone)).toEqual([]);
  });
});

describe('a job that was taken, and the worker was not told', () => {
  const nextPhone = phoneNumbers();
  let system: System;
  let points: KillPoints;

  beforeAll(async () => {
    system = await startSystem();
    points = await KillPoints.before(system.databaseUrl);
    await system.restart(0, { DATABASE_URL: points.through(system.databaseUrl) });
  });

  afterAll(async () => {
    await system.stop();
    await points.close();
  });

  it('F09, N10: is taken again by the same instance, which lives on: the code arrives', async () => {
    // A second one waits for its turn in the queue; its waiting is cut short.
    const phone = nextPhone();
    await new Person(system, phone, 'another-password-77').challenged('register');
    const [person, after] = [new Person(system, phone), await system.phone.newest(phone)];
    const lost = points.reached('get_job/graphile_worker', 'after', (answer) => answer.includes('sms:'));
    const { status, body } = await person.register();
    expect(status).toBe(202);
    system.clock.advance(31);
    await system.database.query(
      `SELECT graphile_worker.reschedule_jobs(ARRAY[id], run_at => now()), pg_notify('jobs:insert', '{"r":1,"count":1}') FROM graphile_worker.jobs`,
    );
    await lost;
    const code = await system.phone.codeFor(person.phone, { after });
    expect((await person.verify(body.challengeToken, code)).status).toBe(200);
    expect(await brokenRules(system.database)).toEqual({});
  });
});

describe('a queue with nothing in it', () => {
  let system: System;
  let tap: StatementTap;

  beforeAll(async () => {
    system = await startSystem();
    tap = await StatementTap.before(system.databaseUrl, 'latchkey-jobs');
    await system.restart(0, { DATABASE_URL: tap.through(system.databaseUrl) });
  });

  afterAll(async () => {
    await system.stop();
    await tap.close();
  });

  it('is asked about by one of the forty workers for all of them', async () => {
    const asked: string[] = [];
    const times = (text: string): number => asked.filter((statement) => statement.includes(text)).length;
    // A sign of life comes as often as a poll.
    const areFour = (): boolean => {
      asked.push(...tap.taken());
      return times('INTO worker_heartbeats') >= 4;
    };
    await until(areFour, 'the fourth sign of life', 45_000, 50);
    expect(times('get_job/')).toBeGreaterThan(0);
    expect(times('get_job/')).toBeLessThan(10);
  });
});
