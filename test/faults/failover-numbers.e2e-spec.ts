// A number that is wrong or unwanted at one vendor is not taken to the next: no message is paid for twice, and no vendor is asked
// about numbers another one has refused. And: a connection that is never made costs no time (F02, F06).
import { handOversTo } from '../support/deliveries';
import { startSystem, type System } from '../support/instance';
import { Person, phoneNumbers } from '../support/person';
import { allRun, queueAgain } from '../support/queue';
import { requestsTo } from '../support/simulator-control';
import { json, VendorStub } from '../support/vendor-stub';

const SECOND = 'twilio';

describe('what the first of two vendors says about a number', () => {
  const nextPhone = phoneNumbers();
  let vendor: VendorStub;
  let system: System;

  beforeAll(async () => {
    vendor = await VendorStub.start(json(500, {}));
    system = await startSystem({ provider: `telnyx,${SECOND}`, env: { TELNYX_BASE_URL: vendor.origin } });
  });

  afterAll(async () => {
    await system.stop();
    await vendor.stop();
  });

  const refusal = (status: number, code: string) =>
    json(status, { errors: [{ code, title: 'as the vendor says', source: { pointer: '/to' } }] });

  it.each([
    ['invalid_number', 400, '40310'],
    ['unsupported_destination', 403, '40309'],
    ['blocked', 400, '40002'],
  ])('F02: %s is final: one call, status failed, and the vendor stays in use', async (kind, status, code) => {
    vendor.answer = refusal(status, code);
    const [before, elsewhere] = [vendor.requests.length, (await requestsTo(system, SECOND)).length];
    for (let number = 1; number <= 6; number++) {
      const person = new Person(system, nextPhone());
      const token = (await person.register()).body.challengeToken;
      const { delivery } = await person.statusWhen(token, (seen) => seen.delivery !== 'queued');
      expect(delivery).toBe('failed');
      expect(await handOversTo(system, person.phone)).toEqual([{ provider: 'telnyx', status: 'failed', kind }]);
      expect(vendor.requests.length).toBe(before + number); // no breaker opens for numbers a stranger may choose
    }
    expect((await requestsTo(system, SECOND)).length).toBe(elsewhere);
  });

  it('F02: it is as final for a run after a crash', async () => {
    vendor.answer = refusal(400, '40310');
    const person = new Person(system, nextPhone());
    const token = (await person.register()).body.challengeToken;
    await person.statusWhen(token, ({ delivery }) => delivery === 'failed');
    const calls = async () => [vendor.requests.length, (await requestsTo(system, SECOND)).length];
    const before = await calls();
    await queueAgain(system, person.phone);
    await allRun(system);
    expect(await calls()).toEqual(before);
  });

  it('F06: no connection to the first, and the code comes from the second at once, also while an opening cannot be recorded', async () => {
    await vendor.stop();
    const unrecorded = `ALTER TABLE audit_log ADD CONSTRAINT no_openings CHECK (event <> 'sms_breaker_opened') NOT VALID`;
    await system.database.query(unrecorded);
    for (let login = 0; login < 6; login++) {
      const person = new Person(system, nextPhone());
      const began = performance.now();
      await person.joined();
      expect(performance.now() - began).toBeLessThan(6000);
      expect((await system.phone.messages(person.phone)).map(({ provider }) => provider)).toEqual([SECOND]);
    }
    expect(system.logs()).toContain('"name":"sms_breaker_open"');
    expect(system.logs()).not.toContain('Failed task'); // what a vendor said is not lost, and no run is repeated for it
  });
});

describe('what the first of two vendors says about our account', () => {
  const nextPhone = phoneNumbers();
  let vendor: VendorStub;
  let system: System;

  beforeAll(async () => {
    vendor = await VendorStub.start(json(403, { errors: [{ code: '20013', title: 'Account blocked' }] }));
    system = await startSystem({ provider: `telnyx,${SECOND}`, env: { TELNYX_BASE_URL: vendor.origin } });
  });

  afterAll(async () => {
    await system.stop();
    await vendor.stop();
  });

  it('F02: one that is blocked is no fault of the number: the next carries the codes, and this one is left alone', async () => {
    for (let number = 1; number <= 3; number++) {
      const person = new Person(system, nextPhone());
      await person.joined();
      expect((await system.phone.messages(person.phone)).map(({ provider }) => provider)).toEqual([SECOND]);
    }
    expect(vendor.requests.length).toBe(1);
    expect(system.logs()).toContain('"name":"sms_breaker_open"');
  });
});
