// A receipt that repeats our own reference finds its message even when the answer to the send, with the vendor's id in it, was lost (F13).
import { createHmac } from 'node:crypto';
import { handOversTo } from '../../support/deliveries';
import { startSystem, type System } from '../../support/instance';
import { until } from '../../support/patience';
import { Person } from '../../support/person';
import { allRun } from '../../support/queue';
import { setFault } from '../../support/simulator-control';

/** The person reads that the one message is delivered, and enters its code. */
async function joinsWithoutAnswer(system: System, vendor: string, phone: string): Promise<void> {
  await setFault(system, vendor, { kind: 'lost_answer', count: 1 });
  const person = new Person(system, phone);
  const { challengeToken } = (await person.register()).body;
  await person.statusWhen(challengeToken, ({ delivery }) => delivery === 'delivered');
  expect((await person.verify(challengeToken, await system.phone.codeFor(phone))).status).toBe(200);
  expect(await system.phone.messages(phone)).toHaveLength(1);
}

describe('where the vendor repeats our reference in its receipt', () => {
  let system: System;

  beforeAll(async () => {
    // A stranger's code goes to senders alone.
    system = await startSystem({ provider: 'twilio,sinch-verification', receipts: true });
    // Not the address that it is bound to: Twilio signs what was configured.
    await system.restart(0, { SMS_WEBHOOK_BASE_URL: system.api.url.replace('127.0.0.1', 'localhost') });
  });

  afterAll(() => system.stop());

  it('F13: the receipt finds the message whose answer was lost, and the person reads that it is delivered', async () => {
    await joinsWithoutAnswer(system, 'twilio', '+14152000009');
  });

  it('a message that did not arrive costs the number no second one where there is no other vendor', async () => {
    const sql = `SELECT sum(cardinality(hits))::int AS n FROM rate_limits WHERE key LIKE 'sms:to:%'`;
    const hits = async () => (await system.database.query<{ n: number }>(sql)).rows[0]?.n ?? 0;
    const before = await hits();
    await setFault(system, 'twilio', { kind: 'undelivered' });
    const person = new Person(system, '+14152000010');
    const { challengeToken } = (await person.register()).body;
    await person.statusWhen(challengeToken, ({ delivery, resendAfter }) => delivery === 'failed' && resendAfter === 0);
    expect((await hits()) - before).toBe(1);
  });
});

describe('Infobip, which repeats our own id', () => {
  let system: System;

  beforeAll(async () => {
    const SMS_ROUTES = 'GB=infobip,telnyx;*=infobip';
    system = await startSystem({ provider: 'infobip,telnyx', receipts: true, env: { SMS_ROUTES } });
  });

  afterAll(() => system.stop());

  it('F13: the report finds the message whose answer was lost, with its price', async () => {
    await joinsWithoutAnswer(system, 'infobip', '+14152000011');
    const sql = 'SELECT status, price IS NOT NULL AS priced FROM sms_deliveries';
    expect((await system.database.query(sql)).rows).toEqual([{ status: 'delivered', priced: true }]);
  });

  /** Infobip's report of the newest message, which its answer has not named yet. */
  async function reported({ phone }: Person, status: object): Promise<void> {
    const sql = `SELECT id FROM sms_deliveries WHERE provider = 'infobip' AND provider_id IS NULL ORDER BY created_at DESC LIMIT 1`;
    const messageId = await until(
      async () => (await system.database.query<{ id: string }>(sql)).rows[0]?.id,
      'the call',
    );
    const results = [{ messageId, to: phone.slice(1), status, doneAt: system.clock.now().toISOString() }];
    const rawBody = JSON.stringify({ results });
    const mac = createHmac('sha256', system.secret('INFOBIP_WEBHOOK_SECRET')).update(rawBody).digest('hex');
    const headers = { 'x-infobip-signature': mac };
    expect((await system.api.post('/webhooks/sms/infobip', undefined, { headers, rawBody })).status).toBe(200);
  }

  it('F13: what the report says while the call still hangs stays, and the wait is not opened as after a failure', async () => {
    await setFault(system, 'infobip', { kind: 'hang', count: 1 });
    const person = new Person(system, '+14152000012');
    const { challengeToken } = (await person.register()).body;
    await reported(person, { groupId: 1, groupName: 'PENDING', id: 7, name: 'PENDING_ENROUTE' });
    await allRun(system);
    expect(await person.status(challengeToken)).toMatchObject({ delivery: 'sent', next: ['verify', 'wait'] });
  });

  it('N10: that the number is unwanted, told while the next vendor hangs as well, is told, and the wait is open', async () => {
    for (const vendor of ['infobip', 'telnyx']) await setFault(system, vendor, { kind: 'hang', count: 1 });
    const person = new Person(system, '+447911200012');
    const { challengeToken } = (await person.register()).body;
    await until(async () => (await handOversTo(system, person.phone)).length === 2, 'the second call', 30_000);
    await reported(person, { groupId: 5, groupName: 'REJECTED', id: 14, name: 'REJECTED_DESTINATION_BLOCKLISTED' });
    await allRun(system);
    expect(await person.status(challengeToken)).toMatchObject({ delivery: 'failed', resendAfter: 0 });
    const sql = `SELECT reason FROM audit_log WHERE event = 'otp_send_failed' AND reason LIKE '%telnyx%'`;
    expect((await system.database.query(sql)).rowCount).toBe(1);
  });
});
