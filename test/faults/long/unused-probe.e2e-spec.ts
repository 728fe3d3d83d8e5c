// F07: the message with which a vendor would be probed is not to be sent after all. Then the vendor is probed with the next one.
import { startSystem, type System } from '../../support/instance';
import { until } from '../../support/patience';
import { Person, phoneNumbers } from '../../support/person';
import { allRun, queueAgain } from '../../support/queue';
import { clearFault, requestsTo, setFault } from '../../support/simulator-control';

const [FIRST, SECOND] = ['telnyx', 'twilio'];
const nextPhone = phoneNumbers();
let system: System;

beforeAll(async () => {
  system = await startSystem({ provider: `${FIRST},${SECOND}`, env: { LIMIT_SMS_GLOBAL: '100/1h' } });
  system.clock.advance(3601 - (Math.floor(system.clock.now().getTime() / 1000) % 3600)); // to the beginning of a window
});
afterAll(() => system.stop());

it('F07: a probe that cannot be paid is left to the next message', async () => {
  const person = new Person(system, nextPhone());
  await person.joined();
  const { token } = await person.challenged('login');
  // As a process leaves it that dies while the vendor has the message: to hand it over once more has to be paid.
  await system.database.query(
    `UPDATE sms_deliveries SET status = 'queued', provider_id = NULL, sent_at = NULL
      WHERE reference_id = (SELECT id FROM otp_attempts WHERE phone = $1 ORDER BY created_at DESC LIMIT 1)`,
    [person.phone],
  );
  await system.database.query(`UPDATE spend_windows SET n = 40 WHERE scope = 'login/3600'`);
  const calls = (await requestsTo(system, FIRST)).length;
  await setFault(system, FIRST, { kind: 'status', status: 401 });
  await new Person(system, nextPhone()).register(); // its breaker opens
  await until(async () => (await requestsTo(system, FIRST)).length > calls, 'the call');
  await clearFault(system, FIRST);
  system.clock.advance(15);
  await queueAgain(system, person.phone);
  await allRun(system);
  expect((await person.status(token)).delivery).toBe('failed');
  const next = new Person(system, nextPhone());
  await next.challenged('register');
  expect((await system.phone.messages(next.phone)).map(({ provider }) => provider)).toEqual([FIRST]);
});
