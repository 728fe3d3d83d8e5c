// N11, A99: what may keep events of the audit log from the operator's endpoint while all is well there: a first look that comes after the first
// answer, and transactions that are left open elsewhere on the server.
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ProblemBody } from '../../support/api-client';
import { openDatabase, type OpenDatabase } from '../../support/database';
import { startSystem, type System } from '../../support/instance';
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
  const looks = `SELECT FROM pg_locks WHERE relation = 'audit_webhook'::regclass AND NOT granted`;
  try {
    await client.query('BEGIN; LOCK TABLE audit_webhook IN EXCLUSIVE MODE');
    await work();
    while ((await client.query(looks)).rowCount === 0) await sleep(20);
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
  while ((await system.database.query('SELECT FROM audit_webhook')).rowCount === 0) await sleep(20);
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
