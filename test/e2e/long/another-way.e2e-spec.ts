// The code that did not arrive, or may not have, and the vendor that gets it next (ADR 31, ADR 93): it is the person's own message, and is
// not sent again when the first has turned out to arrive.
import { handOversTo } from '../../support/deliveries';
import { startSystem, type System } from '../../support/instance';
import { Person, phoneNumbers } from '../../support/person';
import { allRun, failedTimes, Refusal } from '../../support/queue';
import { clearFault, setFault } from '../../support/simulator-control';

/** Repeats our reference in its receipts. */
const KNOWING = 'twilio';
const OTHER = 'telnyx';

const nextPhone = phoneNumbers();
let system: System;
let british = 7_911_200_000;

beforeAll(async () => {
  const env = {
    SMS_ROUTES: `GB=${OTHER},${KNOWING};*=${KNOWING},${OTHER}`,
    LIMIT_SMS_DESTINATION: '4/10m,8/1h,12/1d', // as in production
    LIMIT_SMS_ACCOUNT: '100/1d', // counts whatever comes of a message
  };
  system = await startSystem({ provider: `${KNOWING},${OTHER}`, receipts: true, env });
  // Not the address that it is bound to: Twilio signs what was configured.
  await system.restart(0, { SMS_WEBHOOK_BASE_URL: system.api.url.replace('127.0.0.1', 'localhost') });
});
afterAll(() => system.stop());
afterEach(() => Promise.all([KNOWING, OTHER].map((vendor) => clearFault(system, vendor))));

const providersOf = async (phone: string) => (await system.phone.messages(phone)).map(({ provider }) => provider);

it('is given back with the code that it brought: whoever enters each code is never refused', async () => {
  const person = new Person(system, nextPhone());
  const served: string[] = [];
  await setFault(system, KNOWING, { kind: 'undelivered' });
  for (const how of ['register', ...Array<'login'>(9).fill('login')] as const) {
    const after = await system.phone.newest(person.phone);
    const { challengeToken } = (await person[how]()).body;
    const { provider, code } = await system.phone.messageFor(person.phone, { after });
    expect((await person.verify(challengeToken, code)).status).toBe(200);
    served.push(provider);
    system.clock.advance(31);
  }
  expect(served).toEqual(Array(10).fill(OTHER));
});

it('F13: is not called when the receipt of the first says in the time of doubt that its message came', async () => {
  await setFault(system, KNOWING, { kind: 'lost_answer', count: 1 });
  const person = new Person(system, nextPhone());
  const { challengeToken } = (await person.register()).body;
  await person.statusWhen(challengeToken, ({ delivery }) => delivery === 'delivered');
  await allRun(system);
  expect(await providersOf(person.phone)).toEqual([KNOWING]);
  expect((await person.status(challengeToken)).delivery).toBe('delivered');
});

it('N10: may fail as well, and is told so, though what became of the first was refused when it was due', async () => {
  await setFault(system, OTHER, { kind: 'reset', count: 1 });
  await setFault(system, KNOWING, { kind: 'undelivered' });
  const refusal = await Refusal.of(system, 'sms_deliveries', `NOT (provider = '${OTHER}' AND status = 'failed')`);
  const person = new Person(system, `+44${british++}`);
  const { challengeToken } = (await person.register()).body;
  await failedTimes(system, 1);
  await refusal.end();
  await allRun(system);
  await person.statusWhen(challengeToken, ({ delivery, resendAfter }) => delivery === 'failed' && resendAfter === 0);
  const statuses = (await handOversTo(system, person.phone)).map(({ provider, status }) => [provider, status]);
  expect(statuses).toEqual([
    [OTHER, 'failed'],
    [KNOWING, 'failed'],
  ]);
});
