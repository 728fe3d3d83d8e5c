// A resend in trouble: what is told of it is its own, never what became of the message before it (N10, ADR 86).
import { startSystem, type System } from '../../support/instance';
import { Person } from '../../support/person';
import { allRun, queueAgain, Refusal } from '../../support/queue';
import { requestsTo } from '../../support/simulator-control';

const SENDER = 'twilio';
/** Sends the code of a verification again under the same id. */
const SERVICE = 'infobip-2fa';

let system: System;

beforeAll(async () => {
  const env = { SMS_ROUTES: `GB=${SERVICE},${SENDER};*=${SENDER}`, SMS_COUNTRIES: 'US,GB' };
  system = await startSystem({ provider: `${SENDER},${SERVICE}`, env });
});
afterAll(() => system.stop());

it('that a service may have had is told as failed, though the verification of the first send runs: its code is right', async () => {
  const person = new Person(system, '+447400124000');
  await person.joined();
  const { token, code } = await person.challenged('login');
  const after = await system.phone.newest(person.phone);
  system.clock.advance(31);
  expect((await person.resend(token)).status).toBe(202);
  expect(await person.codeOf(token, after)).toBe(code);
  // As a process leaves it that dies while the vendor has the resend.
  await system.database.query(
    `UPDATE sms_deliveries SET status = 'queued', provider_id = NULL, sent_at = NULL
      WHERE send = 2 AND reference_id = (SELECT id FROM otp_attempts WHERE phone = $1 ORDER BY created_at DESC LIMIT 1)`,
    [person.phone],
  );
  const asked = (await requestsTo(system, SERVICE, 'POST')).length;
  await queueAgain(system, person.phone, 2);
  await allRun(system);
  expect((await requestsTo(system, SERVICE, 'POST')).length).toBe(asked);
  expect(await person.status(token)).toMatchObject({ delivery: 'failed', resendAfter: 0 });
  expect((await person.verify(token, code)).status).toBe(200);
});

it('that is not on record yet is queued, whatever became of the message before it', async () => {
  const person = new Person(system, '+14152001000');
  const { token } = await person.challenged('register');
  const refusal = await Refusal.of(system, 'sms_deliveries', 'send <> 2');
  system.clock.advance(31);
  expect((await person.resend(token)).status).toBe(202);
  await refusal.met();
  expect(await person.status(token)).toMatchObject({ delivery: 'queued', deliveryUpdatedAt: null });
  await refusal.end();
  await allRun(system);
  expect((await person.status(token)).delivery).toBe('sent');
});
