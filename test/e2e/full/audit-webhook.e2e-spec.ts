// Events of the audit log at an operator's endpoint: chosen ones, signed, at least once, whatever the endpoint does meanwhile.
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { startSystem, type System } from '../../support/instance';
import { patiently, until } from '../../support/patience';
import { PASSWORD, Person, wrongCodes } from '../../support/person';
import { verifySignature, WebhookEndpoint } from '../../support/webhook-endpoint';

jest.setTimeout(patiently(240_000));

const secret = () => `whsec_${randomBytes(32).toString('base64')}`;
const [first, second] = [secret(), secret()];
const CHOSEN = 'user_created,otp_fail,authn_login_fail,sms_budget_threshold,audit_webhook_failing';
let endpoint: WebhookEndpoint;
let system: System;

beforeAll(async () => {
  endpoint = await WebhookEndpoint.start();
  system = await startSystem({
    env: {
      AUDIT_WEBHOOK_URL: endpoint.url,
      AUDIT_WEBHOOK_SECRET: `${first},${second}`,
      AUDIT_WEBHOOK_EVENTS: CHOSEN,
    },
  });
});
afterAll(async () => {
  await system.stop();
  await endpoint.stop();
});
beforeEach(() => {
  endpoint.answer = () => 204;
});

const fail = async (phone: string): Promise<void> => {
  const { status } = await system.api.post('/v1/auth/login', { identifier: phone, password: 'not-the-password-1' });
  expect(status).toBe(401);
};
const insert = (client: Pick<Client, 'query'>, reason: string, count = 1, daysAgo = 0) =>
  client.query(
    `INSERT INTO audit_log (at, event, reason) SELECT $1, 'authn_login_fail', $2 FROM generate_series(1, $3::int)`,
    [new Date(system.clock.now().getTime() - daysAgo * 86_400_000), reason, count],
  );
const reasoned = (reason: string) => endpoint.taken().filter(({ event }) => event.data['reason'] === reason);

it('are told with a signature that each of the two keys makes, and hold no number, code, password or token', async () => {
  const person = new Person(system, '+14152820101');
  const { token, code } = await person.challenged('register');
  const wrong = wrongCodes(code, 1)[0] ?? '';
  await person.verify(token, wrong);
  const { body } = await person.verify(token, code);
  const created = await endpoint.until(() => endpoint.taken('user_created')[0], 'user_created');
  await endpoint.until(() => endpoint.taken('otp_fail')[0], 'otp_fail');
  verifySignature(first, created);
  verifySignature(second, created);
  expect(() => verifySignature(secret(), created)).toThrow();
  expect(created.event).toMatchObject({ type: 'user_created', data: { outcome: 'success', userId: body.user['id'] } });
  await insert(system.database, 'prefix +1415282 is closed');
  await endpoint.until(() => reasoned('prefix +14***** is closed')[0], 'a prefix');
  const said = endpoint.arrivals.map(({ text, headers }) => text + JSON.stringify(headers)).join('\n');
  for (const hidden of ['2820101', '4152820101', code, wrong, PASSWORD, token, body.accessToken, first.slice(6)])
    expect(said).not.toContain(hidden);
});

it('that were not chosen are not told', () => {
  const types = new Set(endpoint.arrivals.map(({ event }) => event.type));
  expect([...types].filter((type) => !CHOSEN.split(',').includes(type))).toEqual([]);
});

it.each([500, 400, 307, 0])('are told again, the same, after an answer of %i', async (status) => {
  const before = endpoint.arrivals.length;
  let refused = 0;
  endpoint.answer = () => (refused++ === 0 ? status : 204);
  await fail('+14152820102');
  const [again] = await endpoint.until(() => {
    const since = endpoint.arrivals.slice(before).filter(({ status: given }) => given === 204);
    return since.length > 0 && since;
  }, 'a second try');
  const [one, two, ...more] = endpoint.arrivals.slice(before);
  expect([two?.id, two?.text, two?.event.type]).toEqual([one?.id, again?.text, 'authn_login_fail']);
  expect([one?.status, more]).toEqual([status, []]);
  if (two !== undefined) verifySignature(first, two);
});

it('of a transaction that commits late are told as well', async () => {
  const late = new Client({ connectionString: system.databaseUrl });
  await late.connect();
  await late.query('BEGIN');
  await insert(late, 'late');
  await insert(system.database, 'early');
  const looks = async (): Promise<number> => {
    const { rows } = await system.database.query<{ n: number }>(
      `SELECT seq_scan::int AS n FROM pg_stat_user_tables WHERE relname = 'audit_webhook'`,
    );
    return rows[0]?.n ?? 0;
  };
  const start = await looks();
  await until(async () => (await looks()) >= start + 3, 'the third look at the log');
  await late.query('COMMIT');
  await late.end();
  await endpoint.until(() => reasoned('late')[0], 'late');
  await endpoint.until(() => reasoned('early')[0], 'early');
});

it('of more than a week ago are not told any more: they are in the log', async () => {
  await insert(system.database, 'long ago', 1, 7.01);
  await insert(system.database, 'a week ago', 1, 6.99);
  await endpoint.until(() => reasoned('a week ago')[0], 'a week ago');
  expect(reasoned('long ago')).toEqual([]);
});

it('are told by a database that was restored from a server that had come further', async () => {
  const ahead = `UPDATE audit_webhook SET xact = (pg_current_xact_id()::text::bigint + 1000000)::text::xid8`;
  // What is recorded before the next look may be passed over; the log has it.
  const told = async (reason: string): Promise<void> => {
    const look = async (): Promise<boolean> => {
      if (reasoned(reason).length > 0) return true;
      await insert(system.database, reason);
      return false;
    };
    await until(look, `an event ${reason}`, 40_000, 100);
  };
  await told('begun');
  expect((await system.database.query(ahead)).rowCount).toBe(1);
  await told('restored');
});

it('that are refused to the last are given up with an alarm, and remain in the log', async () => {
  endpoint.answer = ({ data }) => (data['reason'] === 'poison' ? 400 : 204);
  await insert(system.database, 'poison');
  await endpoint.until(() => endpoint.arrivals.some(({ event }) => event.data['reason'] === 'poison'), 'the first try');
  // The four days between the tries are the queue's own clock.
  const wait = `UPDATE graphile_worker._private_jobs SET attempts = 24, run_at = now() WHERE attempts > 0 AND locked_at IS NULL`;
  system.clock.advance(600); // receivers refuse what was signed five minutes ago: each try is signed anew
  await until(async () => (await system.database.query(wait)).rowCount !== 0, 'the wait for another try');
  await endpoint.until(() => system.logs().includes('"audit_webhook_given_up"'), 'the alarm');
  const tries = endpoint.arrivals.filter(({ event }) => event.data['reason'] === 'poison');
  const [began, ended] = [tries[0], tries.at(-1)].map((one) => Number(one?.headers['webhook-timestamp']));
  expect(Number(ended) - Number(began)).toBeGreaterThanOrEqual(600);
  const count = `SELECT event FROM audit_log WHERE event = 'audit_webhook_given_up' OR reason = 'poison' ORDER BY id`;
  const { rows } = await system.database.query(count);
  expect(rows).toEqual([{ event: 'authn_login_fail' }, { event: 'audit_webhook_given_up' }]);
});

it('that were given up hold up no others, however many they are', async () => {
  const dead = `FROM graphile_worker._private_jobs WHERE payload->>'id' = '0'`;
  await system.database.query(
    `SELECT count(graphile_worker.add_job('audit_webhook', '{"id":"0"}', run_at := now() + interval '1 day')) FROM generate_series(1, 1000);
     UPDATE graphile_worker._private_jobs SET attempts = max_attempts WHERE id IN (SELECT id ${dead})`,
  );
  await insert(system.database, 'after a thousand');
  await endpoint.until(() => reasoned('after a thousand')[0], 'after a thousand');
  expect((await system.database.query(`DELETE ${dead}`)).rowCount).toBe(1000);
});

it('wait without harm while the endpoint is away: the queue is bounded, an alarm is raised once, and all are told when it is back', async () => {
  const alarms = () => system.logs().split('"audit_webhook_failing"').length - 1;
  const told = () => endpoint.taken('audit_webhook_failing').length;
  // Nothing is left of the alarm of a case before.
  await fail('+14152820104');
  const isAlarmed = 'SELECT FROM audit_webhook WHERE alarmed OR failing_since IS NOT NULL';
  await until(async () => (await system.database.query(isAlarmed)).rowCount === 0, 'the end of the alarm', 60_000);
  const before = alarms();
  await endpoint.until(() => told() === before, 'alarms of before');
  endpoint.answer = () => 503;
  await insert(system.database, 'away', 2600);
  const queued = async (): Promise<number> => {
    const { rows } = await system.database.query<{ n: number }>(
      `SELECT count(*)::int AS n FROM graphile_worker.jobs WHERE task_identifier = 'audit_webhook'`,
    );
    return rows[0]?.n ?? 0;
  };
  await endpoint.until(() => endpoint.arrivals.some(({ status }) => status === 503), 'a refusal');
  system.clock.advance(301);
  await endpoint.until(() => alarms() > before, 'the alarm');
  await endpoint.until(() => endpoint.arrivals.length > 600, 'many tries', 60_000);
  expect(await queued()).toBeLessThanOrEqual(1500);
  await fail('+14152820103');
  endpoint.answer = () => 204;
  await endpoint.until(() => new Set(reasoned('away').map(({ id }) => id)).size === 2600, 'all', 120_000);
  await endpoint.until(() => told() > before, 'the alarm as an event');
  expect([alarms(), told()]).toEqual([before + 1, before + 1]);
});

it('of an endpoint that is away while there is little to tell: it is alarmed of once, and once more when it is away again', async () => {
  const alarms = () => system.logs().split('"audit_webhook_failing"').length - 1;
  const refused = (reason: string) =>
    endpoint.arrivals.some(({ status, event }) => status === 503 && event.data['reason'] === reason);
  const refusedOnce = async (reason: string): Promise<void> => {
    await insert(system.database, reason);
    await endpoint.until(() => refused(reason), reason);
  };
  const isUneasy = `SELECT FROM audit_webhook WHERE alarmed OR failing_since IS NOT NULL
     UNION ALL SELECT FROM graphile_worker.jobs WHERE task_identifier = 'audit_webhook' AND attempts < max_attempts`;
  const isFailing = 'SELECT FROM audit_webhook WHERE failing_since IS NOT NULL';
  for (const time of ['first', 'second']) {
    await until(async () => (await system.database.query(isUneasy)).rowCount === 0, 'the end of the unease', 60_000);
    const before = alarms();
    endpoint.answer = () => 503;
    await refusedOnce(`away for the ${time} time`);
    // The failure counts from its record, which follows the refusal.
    await until(async () => (await system.database.query(isFailing)).rowCount !== 0, 'the record of the failure');
    system.clock.advance(301);
    await refusedOnce(`five minutes later, ${time}`);
    await endpoint.until(() => alarms() > before, 'the alarm');
    // The log has been looked at since.
    for (const more of ['one', 'another']) await refusedOnce(`${more} after the ${time} alarm`);
    await sleep(100); // a second alarm would be logged with the refusal
    expect(alarms()).toBe(before + 1);
    endpoint.answer = () => 204;
    await insert(system.database, `back for the ${time} time`);
  }
});
