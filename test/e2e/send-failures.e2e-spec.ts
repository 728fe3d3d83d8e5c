// A vendor that refuses, redirects or answers nonsense: the request was answered long before, so status tells, nothing is
// followed anywhere, and the person may ask again at once (design D5, section 2; providers.md).
import { setTimeout as sleep } from 'node:timers/promises';
import { handOversTo } from '../support/deliveries';
import { startSystem, type System } from '../support/instance';
import { until } from '../support/patience';
import { Person, phoneNumbers } from '../support/person';
import { json, VendorStub } from '../support/vendor-stub';

describe('a send the vendor does not take', () => {
  const nextPhone = phoneNumbers();
  let system: System;
  let vendor: VendorStub;
  let elsewhere: VendorStub;

  beforeAll(async () => {
    vendor = await VendorStub.start(json(500, {}));
    elsewhere = await VendorStub.start(json(200, { data: { id: 'stolen' } }));
    system = await startSystem({ env: { TELNYX_BASE_URL: vendor.origin, TELNYX_API_KEY: 'KEY_of_this_test' } });
  });

  afterAll(async () => {
    await system.stop();
    await Promise.all([vendor.stop(), elsewhere.stop()]);
  });

  const accepts = () => json(200, { data: { id: '40385f64-5717-4562-b3fc-2c963f66afa6', to: [{ status: 'queued' }] } });
  const refusal = (status: number, code: string) =>
    json(status, { errors: [{ code, title: 'as the vendor says', source: { pointer: '/to' } }] });

  /** The only vendor's breaker is half-open again: the next send is its probe. */
  const breakerLetsTry = () => system.clock.advance(15);

  async function failedSend(): Promise<{ person: Person; token: string; kind: string }> {
    breakerLetsTry();
    const person = new Person(system, nextPhone());
    const { status, body } = await person.register();
    expect(status).toBe(202);
    const token = body.challengeToken;
    const failed = await person.statusWhen(token, ({ delivery, resendAfter }) => {
      return delivery === 'failed' && resendAfter === 0;
    });
    expect(failed).toMatchObject({ state: 'pending', next: ['resend_sms'], attemptsLeft: 5 });
    const [handOver] = await handOversTo(system, person.phone);
    return { person, token, kind: handOver?.kind ?? 'none' };
  }

  it.each([
    ['invalid_number', 400, '40310'],
    ['invalid_number', 422, '10016'],
    ['unsupported_destination', 403, '40309'],
    ['blocked', 400, '40002'],
    ['out_of_credit', 403, '20100'],
    ['out_of_credit', 402, '10000'],
    ['bad_credentials', 401, '10009'],
  ])(
    '%s (%d, %s): not tried again, status failed, and a resend is allowed without waiting for its turn',
    async (kind, status, code) => {
      vendor.answer = refusal(status, code);
      const before = vendor.requests.length;
      const failed = await failedSend();
      expect(failed.kind).toBe(kind);
      expect(vendor.requests.length).toBe(before + 1);

      vendor.answer = accepts();
      breakerLetsTry();
      const resent = await failed.person.resend(failed.token);
      expect(resent.status).toBe(202);
      const sent = await failed.person.statusWhen(failed.token, ({ delivery }) => delivery !== 'queued');
      expect(sent).toMatchObject({ state: 'pending', delivery: 'sent', next: ['verify', 'wait'] });
      expect((await failed.person.resend(failed.token)).body.code).toBe('rate_limited');
    },
  );

  it.each([301, 302, 307, 308])(
    'A25: a %d is not followed: no request and no key reach the other host',
    async (status) => {
      for (const location of [`${elsewhere.origin}/v2/messages`, 'http://169.254.169.254/latest/meta-data/']) {
        vendor.answer = (response) => response.writeHead(status, { location }).end();
        await failedSend();
      }
      expect(elsewhere.requests).toEqual([]);
      expect(vendor.requests.at(-1)?.headers.authorization).toBe('Bearer KEY_of_this_test');
      expect(system.logs()).not.toContain('KEY_of_this_test');
    },
  );

  it.each([
    [200, '<html>'],
    [200, '{}'],
    [500, '{}'],
  ])('F13: after %d %s the message may have gone out: it is not sent twice', async (status, text) => {
    vendor.answer = (response) => response.writeHead(status, { 'content-type': 'application/json' }).end(text);
    const before = vendor.requests.length;
    await failedSend();
    expect(vendor.requests.length).toBe(before + 1);
  });

  it('F07: while one call probes the only vendor, others wait for what it finds, and are sent', async () => {
    vendor.answer = refusal(401, '10009');
    await failedSend();
    breakerLetsTry();
    const waiting: (() => void)[] = [];
    vendor.answer = (response) => waiting.push(() => accepts()(response));
    const before = vendor.requests.length;
    // At once: some find it half-open, and come to call it when it is being probed.
    const people = [1, 2, 3, 4].map(() => new Person(system, nextPhone()));
    const tokens = await Promise.all(people.map(async (person) => (await person.register()).body.challengeToken));
    await until(() => waiting.length > 0, 'a probe of the vendor');
    await sleep(300); // the others have had time to give up, and to be sent beside the probe
    expect(vendor.requests.length).toBe(before + 1);
    vendor.answer = accepts();
    waiting[0]?.();
    for (const [index, person] of people.entries()) {
      const { delivery } = await person.statusWhen(tokens[index] ?? '', (seen) => seen.delivery !== 'queued');
      expect(delivery).toBe('sent');
    }
  });

  it.each([
    ['that asks to wait', 429, '10011'],
    ['that is not there for a moment', 503, '10007'],
  ])('F02: a vendor %s is tried again within the same run', async (_, status, code) => {
    breakerLetsTry();
    let refusals = 0;
    vendor.answer = (response) => {
      if (refusals++ < 1) refusal(status, code)(response);
      else accepts()(response);
    };
    const person = new Person(system, nextPhone());
    const { challengeToken: token } = (await person.register()).body;
    const { delivery } = await person.statusWhen(token, (status) => status.delivery !== 'queued');
    expect([delivery, refusals]).toEqual(['sent', 2]);
  });

  it('F02: a vendor that says how long to wait is given that time', async () => {
    breakerLetsTry();
    const calls: number[] = [];
    vendor.answer = (response) => {
      if (calls.push(performance.now()) > 1) accepts()(response);
      else response.writeHead(429, { 'retry-after': '2' }).end();
    };
    const person = new Person(system, nextPhone());
    const { challengeToken: token } = (await person.register()).body;
    const { delivery } = await person.statusWhen(token, (status) => status.delivery !== 'queued');
    const [first = 0, second = 0] = calls;
    expect([delivery, calls.length]).toEqual(['sent', 2]);
    expect(second - first).toBeGreaterThanOrEqual(2000);
  });

  it('F02: a vendor that asks for a longer wait than a person sits through is not tried again', async () => {
    vendor.answer = (response) => response.writeHead(429, { 'retry-after': '60' }).end();
    const before = vendor.requests.length;
    expect((await failedSend()).kind).toBe('throttled');
    expect(vendor.requests.length).toBe(before + 1);
  });
});
