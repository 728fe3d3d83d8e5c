// N11, A99: what may keep events of the audit log from the operator's endpoint while all is well there: a first look that comes after the first
// answer, and transactions that are left open elsewhere on the server.
import { randomBytes } from 'node:crypto';
import type { ProblemBody } from '../../support/api-client';
import { openDatabase, type OpenDatabase } from '../../support/database';
import { startSystem, type System } from '../../support/instance';
import { waitingForLocks } from '../../support/locks';
import { until } from '../../support/patience';
import { allRun, failedTimes } from '../../support/queue';
import { WebhookEndpoint } from '../../support/webhook-endpoint';

let endpoint: WebhookEndpoint;
let system: System;
let env: Record<string, string>;

beforeAll(async () => {
  endpoint = await WebhookEndpoint.start();
  env = {
    AUDIT_WEBHOOK_URL: endpoint.url,
    AUDIT_WEBHOOK_SECRET: `whsec_${randomBytes(24).toString('base64')}`,
    AUDIT_WEBHOOK_EVENTS: 'authn_login_fail',
  };
  system = await startSystem();
});
afterAll(async () => {
  await system.stop();
  await endpoint.stop();
});

/** @returns the request's id, by which its event is known */
async function fail(): Promise<string> {
  const wrong = { identifier: 'nobody@example.com', password: 'not-the-password-1' };
  const { status, body } = await system.api.post<ProblemBody>('/v1/auth/login', wrong);
  expect(status).toBe(401);
  return body.requestId;
}

const isTold = (id: string) => endpoint.taken().some(({ event }) => event.data['requestId'] === id);
const untilTold = (id: string) => endpoint.until(() => isTold(id), 'the event');

/** Nobody looks at the log meanwhile, though somebody has begun to. */
async function whileNobodyLooks(work: () => Promise<void>): Promise<void> {
  const client = await system.database.connect();
  try {
    await client.query('BEGIN; LOCK TABLE audit_webhook IN EXCLUSIVE MODE');
    await work();
    await until(async () => (await waitingForLocks(client, 'audit_webhook')) !== 0, 'somebody who looks');
  } finally {
    await client.query('COMMIT');
    client.release();
  }
}

it('what was answered before the first look at the log is told, and what has begun before and is committed after', async () => {
  const before = await fail();
  const late = await system.database.connect();
  await late.query('BEGIN');
  await late.query('SELECT pg_current_xact_id()');
  let first = '';
  await whileNobodyLooks(async () => {
    await system.restart(0, env);
    await late.query(`INSERT INTO audit_log (at, event, request_id) VALUES ($1, 'authn_login_fail', 'late')`, [
      system.clock.now(),
    ]);
    first = await fail();
  });
  await until(async () => (await system.database.query('SELECT FROM audit_webhook')).rowCount !== 0, 'the first look');
  await late.query('COMMIT');
  late.release();
  for (const id of ['late', first, await fail()]) await untilTold(id);
  expect(isTold(before)).toBe(false);
});

describe('while another database of the server', () => {
  let other: OpenDatabase;

  beforeAll(async () => {
    other = await openDatabase();
  });
  afterAll(() => other.close());

  it.each([
    ['has a transaction that writes and goes on', '', 'ROLLBACK'],
    ['has one that was prepared, and left', `PREPARE TRANSACTION 'left'`, `ROLLBACK PREPARED 'left'`],
  ])('%s, events are told as ever', async (_, leave, end) => {
    await other.client.query('BEGIN');
    await other.client.query('SELECT pg_current_xact_id()');
    await other.client.query(leave);
    await untilTold(await fail()).finally(() => other.client.query(end));
  });
});

const arrived = (id: string, answered: number) =>
  endpoint.until(
    () => endpoint.arrivals.some(({ event, status }) => event.data['requestId'] === id && status === answered),
    'the event',
  );

it('a delivery that a stop has cut short is no failure of the endpoint: nobody is alarmed when it fails once, later', async () => {
  endpoint.answer = () => -1;
  const cutShort = await fail();
  await arrived(cutShort, -1);
  expect(await system.end(0)).toBe(0);
  system.clock.advance(301);
  endpoint.answer = () => 500;
  await system.restart(0, env);
  const refused = await fail();
  await arrived(refused, 500);
  const isFailing = 'SELECT FROM audit_webhook WHERE failing_since IS NOT NULL';
  await until(async () => (await system.database.query(isFailing)).rowCount !== 0, 'the record of the failure');
  endpoint.answer = () => 204;
  for (const id of [cutShort, refused]) await untilTold(id);
  expect(system.logs()).not.toContain('"audit_webhook_failing"');
});

it('a delivery that would be tried an hour later is tried at once when the endpoint is back that was away for a minute', async () => {
  const waiting = `FROM graphile_worker.jobs WHERE task_identifier = 'audit_webhook' AND attempts > 0 AND locked_at IS NULL`;
  endpoint.answer = () => 503;
  const refused = await fail();
  await arrived(refused, 503);
  await until(async () => (await system.database.query(`SELECT ${waiting}`)).rowCount !== 0, 'the next try');
  const later = `SELECT graphile_worker.reschedule_jobs(array_agg(id), run_at := now() + interval '1 hour') ${waiting}`;
  await system.database.query(later);
  system.clock.advance(60);
  endpoint.answer = () => 204;
  for (const id of [await fail(), refused]) await untilTold(id);
});

describe('N11: a delivery that an instance without the URL comes upon', () => {
  async function metByOneWithout(): Promise<string> {
    endpoint.answer = () => 503;
    await system.restart(0, env);
    const id = await fail();
    await arrived(id, 503);
    await failedTimes(system, 1);
    await system.restart(0);
    await failedTimes(system, 2);
    endpoint.answer = () => 204;
    return id;
  }

  it('waits for one that has it', async () => {
    const id = await metByOneWithout();
    await system.restart(0, env);
    await allRun(system);
    expect(isTold(id)).toBe(true);
  });

  it('is given up with an alarm when none has it in time', async () => {
    const id = await metByOneWithout();
    await system.database.query(
      'UPDATE graphile_worker._private_jobs SET attempts = max_attempts - 1, run_at = now() WHERE attempts > 0',
    );
    const isGivenUp = `SELECT FROM audit_log WHERE event = 'audit_webhook_given_up' AND reason = 'no AUDIT_WEBHOOK_URL'`;
    await until(async () => (await system.database.query(isGivenUp)).rowCount === 1, 'the end of it');
    expect(system.logs()).toContain('"name":"audit_webhook_given_up"');
    expect(isTold(id)).toBe(false);
  });
});

it('a delivery whose last try a stop has cut short is given up with an alarm, and on record', async () => {
  await system.restart(0, env);
  const alarms = () => system.logs().split('"name":"audit_webhook_given_up"').length - 1;
  const before = alarms();
  endpoint.answer = () => 500;
  const cutShort = await fail();
  await arrived(cutShort, 500);
  endpoint.answer = () => -1;
  const hurry = `UPDATE graphile_worker._private_jobs SET attempts = max_attempts - 1, run_at = now() WHERE is_available AND attempts > 0`;
  await until(async () => (await system.database.query(hurry)).rowCount === 1, 'the wait for another try');
  await arrived(cutShort, -1);
  expect(await system.end(0)).toBe(0);
  const { rows } = await system.database.query<{ id: string }>(
    `SELECT told.request_id AS id FROM audit_log given_up JOIN audit_log told ON told.id = (given_up.meta ->> 'id')::bigint
      WHERE given_up.event = 'audit_webhook_given_up' AND given_up.reason = 'aborted'`,
  );
  expect(rows).toEqual([{ id: cutShort }]);
  expect(alarms()).toBe(before + 1);
});
