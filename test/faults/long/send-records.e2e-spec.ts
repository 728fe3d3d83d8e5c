// What a vendor has taken stays known, whichever record of it the database refuses (N7, N10, ADR 86): nothing is sent for want of a record,
// no verification is begun beside one that runs, and what could not be written is written later.
import type { ServerResponse } from 'node:http';
import { handOversTo } from '../../support/deliveries';
import { startSystem, type System } from '../../support/instance';
import { until } from '../../support/patience';
import { Person } from '../../support/person';
import { allRun, failedTimes, queueAgain, Refusal } from '../../support/queue';
import { requestsTo } from '../../support/simulator-control';
import { TelnyxWebhooks } from '../../support/telnyx-webhook';
import { json, VendorStub } from '../../support/vendor-stub';

/** Sends strangers their codes, and everything to Americans. */
const SENDER = 'twilio';
/** Begins another verification at each start. */
const SERVICE = 'infobip-2fa';
/** Knows a start by our reference. */
const KNOWING = 'sinch-verification';

let system: System;
let vendor: VendorStub;
let next = 0;
const british = () => `+44740012${4000 + next++}`;
const german = () => `+491511234${1000 + next++}`;
const swiss = () => `+4178123${4000 + next++}`;
const american = () => `+1415200${1000 + next++}`;

beforeAll(async () => {
  vendor = await VendorStub.start(json(500, {}));
  const SMS_ROUTES = `GB=${SERVICE},${SENDER};DE=${KNOWING},${SENDER};CH=telnyx;*=${SENDER}`;
  const env = { SMS_ROUTES, TELNYX_BASE_URL: vendor.origin, SMS_COUNTRIES: 'US,GB,DE,CH' };
  system = await startSystem({ provider: `${SENDER},${SERVICE},${KNOWING},telnyx`, env });
});
afterAll(async () => {
  await system.stop();
  await vendor.stop();
});

async function joined(phone: string): Promise<Person> {
  const person = new Person(system, phone);
  await person.joined();
  return person;
}

const deliveryOf = async (phone: string) => {
  const { rows } = await system.database.query<{ status: string; known: string | null; sentAt: Date | null }>(
    `SELECT d.status, d.provider_id AS known, d.sent_at AS "sentAt" FROM sms_deliveries d JOIN otp_attempts c ON c.id = d.reference_id
      WHERE c.phone = $1 ORDER BY d.created_at DESC LIMIT 1`,
    [phone],
  );
  return rows[0];
};

const audited = async (phone: string, event: string) => {
  const { rows } = await system.database.query<{ at: Date; reason: string }>(
    `SELECT a.at, a.reason FROM audit_log a JOIN otp_attempts c ON c.id = a.ref WHERE c.phone = $1 AND a.event = $2`,
    [phone, event],
  );
  return rows;
};

/** As a process leaves it that dies when the vendor has answered. @param but what it had time to write */
async function cutShort(phone: string, but: 'nothing' | 'the verification'): Promise<void> {
  const newest = '(SELECT id FROM otp_attempts WHERE phone = $1 ORDER BY created_at DESC LIMIT 1)';
  await system.database.query(
    `UPDATE sms_deliveries SET status = 'queued', provider_id = NULL, sent_at = NULL WHERE reference_id = ${newest}`,
    [phone],
  );
  if (but === 'nothing')
    await system.database.query(`UPDATE otp_attempts SET vendor_ref = NULL WHERE id = ${newest}`, [phone]);
}

const starts = async (provider: string) => (await requestsTo(system, provider, 'POST')).length;

it('a service that has begun is not asked again because its verification could not be noted: the code on the phone is right', async () => {
  const person = await joined(british());
  const before = await starts(SERVICE);
  const after = await system.phone.newest(person.phone);
  const refusal = await Refusal.of(system, 'otp_attempts', 'vendor_ref IS NULL');
  const { challengeToken: token } = (await person.login()).body;
  await failedTimes(system, 2);
  await refusal.end();
  await allRun(system);
  expect((await starts(SERVICE)) - before).toBe(1);
  expect((await person.verify(token, await system.phone.codeFor(person.phone, { after }))).status).toBe(200);
});

it('a service that may have begun is not asked to begin another: the send is told as failed, and the person may ask again at once', async () => {
  const person = await joined(british());
  const { token } = await person.challenged('login');
  const before = await starts(SERVICE);
  await cutShort(person.phone, 'nothing');
  await queueAgain(system, person.phone);
  await allRun(system);
  expect(await starts(SERVICE)).toBe(before);
  expect(await person.status(token)).toMatchObject({
    delivery: 'failed',
    resendAfter: 0,
    next: ['resend_sms', 'resend_voice'],
  });
  const after = await system.phone.newest(person.phone);
  expect((await person.resend(token)).status).toBe(202);
  expect((await person.verify(token, await person.codeOf(token, after))).status).toBe(200);
});

it('a service whose verification was noted has it, though its hand-over was not: nothing is begun, and no record stays open', async () => {
  const person = await joined(british());
  const { token, code } = await person.challenged('login');
  const [before, known] = [await starts(SERVICE), (await deliveryOf(person.phone))?.known];
  await cutShort(person.phone, 'the verification');
  await system.database.query(
    `INSERT INTO sms_deliveries (id, source, reference_id, send, provider, phone_masked, country, channel, status, failure_kind, created_at, updated_at)
     SELECT gen_random_uuid(), source, reference_id, send, '${SENDER}', phone_masked, country, channel, 'queued', 'not_called', created_at, created_at
       FROM sms_deliveries WHERE status = 'queued'`,
  );
  await queueAgain(system, person.phone);
  await allRun(system);
  expect(await starts(SERVICE)).toBe(before);
  const statuses = (await handOversTo(system, person.phone)).map(({ provider, status }) => [provider, status]);
  expect(statuses.slice(-2).sort()).toEqual([
    [SERVICE, 'sent'],
    [SENDER, 'failed'],
  ]);
  const { rows } = await system.database.query('SELECT FROM sms_deliveries WHERE provider_id = $1', [known]);
  expect(rows).toHaveLength(1);
  expect((await person.verify(token, code)).status).toBe(200);
});

it('F13: a service that knows our reference is asked again, sends nothing, and the code on the phone is right', async () => {
  const person = await joined(german());
  const { token, code } = await person.challenged('login');
  const messages = (await system.phone.messages(person.phone)).length;
  await cutShort(person.phone, 'nothing');
  await queueAgain(system, person.phone);
  await person.statusWhen(token, ({ delivery }) => delivery === 'sent');
  expect(await system.phone.messages(person.phone)).toHaveLength(messages);
  expect((await person.verify(token, code)).status).toBe(200);
});

it('N10: the vendor’s id of a message is kept while the audit log takes no row of it, and the row follows, once, with its time', async () => {
  const person = new Person(system, american());
  const refusal = await Refusal.of(system, 'audit_log', `event <> 'otp_sent'`);
  const { token } = await person.challenged('register');
  const sent = await deliveryOf(person.phone);
  expect([sent?.status, typeof sent?.known]).toEqual(['sent', 'string']);
  expect(await audited(person.phone, 'otp_sent')).toEqual([]);
  await failedTimes(system, 1);
  await refusal.end();
  await allRun(system);
  const once = [{ at: sent?.sentAt, reason: SENDER }];
  expect(await audited(person.phone, 'otp_sent')).toEqual(once);
  await system.database.query(
    `SELECT graphile_worker.add_job('audit_late', json_build_object('event', event, 'at', at, 'ref', ref, 'reason', reason))
       FROM audit_log WHERE at = $1 AND event = 'otp_sent'`,
    [sent?.sentAt],
  );
  await allRun(system); // as after a crash
  expect(await audited(person.phone, 'otp_sent')).toEqual(once);
  expect((await person.status(token)).delivery).toBe('sent');
});

it('N10: a message whose hand-over the database refuses to note for a moment is noted when it takes it, and sent once', async () => {
  const person = new Person(system, american());
  const refusal = await Refusal.of(system, 'sms_deliveries', 'sent_at IS NULL');
  const { challengeToken: token } = (await person.register()).body;
  const code = await system.phone.codeFor(person.phone);
  await refusal.met();
  await refusal.end();
  await person.statusWhen(token, ({ delivery }) => delivery === 'sent');
  await allRun(system);
  expect((await deliveryOf(person.phone))?.known).toEqual(expect.any(String));
  expect(await audited(person.phone, 'otp_sent')).toHaveLength(1);
  expect(await system.phone.messages(person.phone)).toHaveLength(1);
  expect((await person.verify(token, code)).status).toBe(200);
});

it('N10: why a send failed is in the audit log, though the log refused it when it was due', async () => {
  vendor.answer = json(422, { errors: [{ code: '10016', title: 'as the vendor says', source: { pointer: '/to' } }] });
  const person = new Person(system, swiss());
  const refusal = await Refusal.of(system, 'audit_log', `event <> 'otp_send_failed'`);
  const { challengeToken: token } = (await person.register()).body;
  await person.statusWhen(token, ({ delivery }) => delivery === 'failed');
  await failedTimes(system, 1);
  await refusal.end();
  await allRun(system);
  expect((await audited(person.phone, 'otp_send_failed')).map(({ reason }) => reason)).toEqual([
    'telnyx: invalid_number',
  ]);
  expect(await handOversTo(system, person.phone)).toHaveLength(1);
});

it('N10: a send that no vendor may carry is told as failed, though that was refused when it was due', async () => {
  vendor.answer = json(400, { errors: [{ code: '40300', title: 'as the vendor says' }] });
  const person = new Person(system, swiss());
  const { challengeToken: token } = (await person.register()).body;
  await person.statusWhen(token, ({ delivery }) => delivery === 'failed');
  const refusal = await Refusal.of(system, 'sms_deliveries', `status <> 'failed'`);
  expect((await person.resend(token)).status).toBe(202);
  await refusal.met();
  await refusal.end();
  await allRun(system);
  expect(await person.status(token)).toMatchObject({
    delivery: 'failed',
    resendAfter: 0,
  });
  expect((await handOversTo(system, person.phone)).map(({ provider }) => provider)).toEqual(['telnyx', null]);
  expect((await audited(person.phone, 'otp_send_failed')).map(({ reason }) => reason)).toEqual([
    'telnyx: opted_out',
    'opted_out',
  ]);
});

it.each([
  ['a service, where it would void the code that is on the phone', british],
  ['a sender, where it would only cost', american],
])('a send whose time came only after that of a newer one does not go out: %s', async (_, phone) => {
  const person = await joined(phone());
  const after = await system.phone.newest(person.phone);
  const refusal = await Refusal.of(system, 'sms_deliveries', 'send <> 1');
  const { challengeToken: token } = (await person.login()).body;
  await refusal.met();
  system.clock.advance(31);
  expect((await person.resend(token)).status).toBe(202);
  const code = await person.codeOf(token, after);
  await refusal.end();
  await allRun(system);
  const messages = await system.phone.messages(person.phone);
  expect(messages.findIndex(({ id }) => id === after)).toBe(1);
  expect((await person.status(token)).delivery).toBe('sent');
  expect((await person.verify(token, code)).status).toBe(200);
});

it('N12: a receipt that came before its message was known here is applied, though that was refused when it was due', async () => {
  let waiting: ServerResponse | undefined;
  vendor.answer = (response) => (waiting = response);
  const id = 'message-of-early-receipt';
  const person = new Person(system, swiss());
  const { challengeToken: token } = (await person.register()).body;
  const call = await until(() => waiting, 'the call of the vendor');
  const webhooks = new TelnyxWebhooks(system);
  expect((await webhooks.post(webhooks.about(id, 'delivered'))).status).toBe(200);
  const refusal = await Refusal.of(system, 'sms_deliveries', `status <> 'delivered'`);
  json(200, { data: { id, to: [{ status: 'queued' }] } })(call);
  await person.statusWhen(token, ({ delivery }) => delivery === 'sent');
  await refusal.met();
  await refusal.end();
  await allRun(system);
  expect((await person.status(token)).delivery).toBe('delivered');
  expect(await handOversTo(system, person.phone)).toHaveLength(1);
});
