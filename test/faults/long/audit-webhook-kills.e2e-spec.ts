// N11, A99: an instance dies by kill -9 at a random moment, between an event's commit and its delivery too. Every action that was
// answered is in the audit log and reaches the operator's endpoint, and nothing is told that is not in the log. WEBHOOK_KILLS rounds.
import { randomBytes, randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ProblemBody } from '../../support/api-client';
import { startSystem, type System } from '../../support/instance';
import { patiently } from '../../support/patience';
import { verifySignature, WebhookEndpoint } from '../../support/webhook-endpoint';

const KILLS = Number(process.env['WEBHOOK_KILLS'] ?? 3);
const DYING = 0;
const ACTIONS = 30;
/** Longer than the actions and the first deliveries take, so that kills fall before, within and after. */
const LONGEST_MS = 1500;
const secret = `whsec_${randomBytes(24).toString('base64')}`;
let endpoint: WebhookEndpoint;
let system: System;

beforeAll(async () => {
  endpoint = await WebhookEndpoint.start();
  system = await startSystem({
    instances: 2,
    env: {
      AUDIT_WEBHOOK_URL: endpoint.url,
      AUDIT_WEBHOOK_SECRET: secret,
      AUDIT_WEBHOOK_EVENTS: 'authn_login_fail',
      LIMIT_PASSWORD_ADDRESS: 'off',
      LIMIT_UNAUTHENTICATED: 'off',
    },
  });
}, patiently(120_000));
afterAll(async () => {
  await system.stop();
  await endpoint.stop();
});

/** Failed logins one after another; each that was answered goes into the journal by its request id. */
async function act(journal: Set<string>): Promise<void> {
  for (let n = 0; n < ACTIONS; n += 1) {
    const identifier = `nobody-${randomInt(1e9)}@example.com`;
    const body = { identifier, password: 'not-the-password-1' };
    const answer = await system.apis[DYING]?.post<ProblemBody>('/v1/auth/login', body).catch(() => undefined);
    if (answer === undefined) return;
    expect(answer.status).toBe(401);
    journal.add(answer.body.requestId);
  }
}

const told = () => new Set(endpoint.taken().map(({ event }) => String(event.data['requestId'])));

it(`N11, A99: what was answered before ${KILLS} kills is recorded and told, and nothing else is`, async () => {
  const journal = new Set<string>();
  for (let round = 0; round < KILLS; round += 1) {
    const acting = act(journal);
    await sleep(randomInt(LONGEST_MS)); // the moment of the kill, which is what is random here
    await system.kill(DYING, 'SIGKILL');
    await acting;
    await system.restart(DYING);
  }
  const { rows } = await system.database.query<{ id: string }>(
    `SELECT request_id AS id FROM audit_log WHERE event = 'authn_login_fail'`,
  );
  const recorded = new Set(rows.map(({ id }) => id));
  expect(recorded.size).toBe(rows.length);
  expect([...journal].filter((id) => !recorded.has(id))).toEqual([]);
  await endpoint.until(() => [...recorded].every((id) => told().has(id)), 'every record at the endpoint', 60_000);
  expect([...told()].filter((id) => !recorded.has(id))).toEqual([]);
  expect(journal.size).toBeGreaterThan(0);
  endpoint.arrivals.forEach((arrival) => verifySignature(secret, arrival));
}, 600_000);
