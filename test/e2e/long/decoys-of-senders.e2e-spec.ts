// A55: the status of a decoy goes by how messages fare at this moment, as that of a free number does: not by what became of one number alone,
// and it tells of no arrival while the vendor tells of none.
import { startSystem, type System } from '../../support/instance';
import { until } from '../../support/patience';
import { Person, phoneNumbers } from '../../support/person';
import { clearFault, setFault } from '../../support/simulator-control';

const PROVIDER = 'telnyx';
const nextPhone = phoneNumbers();
let system: System;

beforeAll(async () => {
  system = await startSystem({ provider: PROVIDER, receipts: true });
});
afterAll(() => system.stop());
afterEach(() => clearFault(system, PROVIDER));

/** Registers somebody else's number, or nobody's. @returns how to look at what became of the message, once something has */
async function asked(phone: string): Promise<() => Promise<string>> {
  const person = new Person(system, phone, 'another-password-77');
  const { challengeToken } = (await person.register()).body;
  await person.statusWhen(challengeToken, ({ delivery }) => delivery !== 'queued');
  return async () => (await person.status(challengeToken)).delivery;
}

/** Once the vendor has told of every message. */
async function allArrived(): Promise<void> {
  const open = `SELECT FROM sms_deliveries WHERE provider IS NOT NULL AND status IN ('queued', 'sent')`;
  await until(async () => (await system.database.query(open)).rowCount === 0, 'the last receipt');
}

async function owner(): Promise<string> {
  const person = new Person(system, nextPhone());
  await person.joined();
  await allArrived();
  system.clock.advance(86_400);
  return person.phone;
}

it.each(['invalid_number', 'unsupported_destination', 'blocked', 'opted_out'])(
  'A55: that the last message was refused as %s, which is its number’s own, is not the fate of the next',
  async (kind) => {
    const taken = await owner();
    const refused = nextPhone();
    await asked(refused);
    await allArrived();
    const own = `UPDATE sms_deliveries d SET status = 'failed', failure_kind = $2, sent_at = NULL, updated_at = $3
                   FROM otp_attempts c WHERE c.id = d.reference_id AND c.phone = $1`;
    expect((await system.database.query(own, [refused, kind, system.clock.now()])).rowCount).toBe(1);
    expect(await (await asked(taken))()).not.toBe('failed');
  },
);

it('A55: the newest message that has ended is the fate of the next, whatever became of older ones', async () => {
  const taken = await owner();
  // The only vendor is tried three times (F02).
  await setFault(system, PROVIDER, { kind: 'status', status: 503, count: 3 });
  const [free, decoy] = [await asked(nextPhone()), await asked(taken)];
  expect([await free(), await decoy()]).toEqual(['failed', 'failed']);
});

it('A55: a message that is on its way still is no fate', async () => {
  const taken = await owner();
  // So long a decoy waits before it looks.
  await setFault(system, PROVIDER, { kind: 'delay', ms: 2500 });
  await asked(nextPhone());
  await allArrived();
  await setFault(system, PROVIDER, { kind: 'delay', ms: 4500 });
  const decoy = asked(taken);
  const begun = `SELECT FROM sms_deliveries WHERE status = 'queued'`;
  await until(async () => (await system.database.query(begun)).rowCount === 1, 'the one call');
  const slow = asked(nextPhone());
  expect(await (await decoy)()).not.toBe('failed');
  expect(await (await slow)()).not.toBe('failed');
});

it('A55: arrivals are told while the vendor tells them, and no more once it has stopped', async () => {
  const taken = await owner();
  const [free, decoy] = [await asked(nextPhone()), await asked(taken)];
  for (const look of [free, decoy]) await until(async () => (await look()) === 'delivered', 'its arrival');
  await setFault(system, PROVIDER, { kind: 'late_receipt', ms: 600_000 });
  system.clock.advance(86_400);
  for (let n = 0; n < 3; n += 1) await asked(nextPhone());
  system.clock.advance(120);
  const silent = [await asked(nextPhone()), await asked(taken)];
  system.clock.advance(120);
  expect(await Promise.all(silent.map((look) => look()))).toEqual(['sent', 'sent']);
});
