// A89: receipts in any order, any number of times, on two instances at once, before, during and after the answer to their send: each
// fact is stored once, the status ends at the furthest of them, and one failure makes one second hand-over, no more.
import type { ServerResponse } from 'node:http';
import { until } from '../../support/patience';
import { idle } from '../../support/queue';
import { startSystem, type System } from '../../support/instance';
import { Person, phoneNumbers } from '../../support/person';
import { type SignedWebhook, TelnyxWebhooks } from '../../support/telnyx-webhook';
import { json, VendorStub } from '../../support/vendor-stub';
import { LIMITS_OFF, numberOf, RACE_TIMEOUT_MS, untilWaiting } from '../burst';

const ROUNDS = Number(process.env['RACE_ROUNDS'] ?? 6);
const STATUSES = ['sent', 'delivery_failed', 'delivered'] as const;

describe('receipts in parallel', () => {
  const nextPhone = phoneNumbers();
  let system: System;
  let webhooks: TelnyxWebhooks;
  let vendor: VendorStub;
  let ids = 0;
  /** The id the next answer of the vendor will have, and the answer that waits for `release`. */
  let nextId = '';
  let waiting: ServerResponse | undefined;

  beforeAll(async () => {
    vendor = await VendorStub.start((response) => (waiting = response));
    const env = { ...LIMITS_OFF, TELNYX_BASE_URL: vendor.origin };
    system = await startSystem({ instances: 2, provider: 'telnyx,twilio', env });
    webhooks = new TelnyxWebhooks(system);
  });

  afterAll(async () => {
    await system.stop();
    await vendor.stop();
  });

  /** A send that the vendor has, and not answered yet. */
  async function handedOver(): Promise<{ person: Person; token: string; id: string }> {
    waiting = undefined;
    nextId = `message-${++ids}`;
    const person = new Person(system, nextPhone());
    const { body } = await person.register();
    await until(() => waiting, 'the call of the vendor', 30_000, 5);
    return { person, token: body.challengeToken, id: nextId };
  }

  function release(): void {
    if (waiting === undefined) throw new Error('nothing waits');
    json(200, { data: { id: nextId, to: [{ status: 'queued' }] } })(waiting);
  }

  /** Each webhook five times, on both instances at once. @returns the statuses answered */
  async function postAll(told: readonly SignedWebhook[]): Promise<Set<number>> {
    const posts = told.flatMap((webhook) => Array.from({ length: 5 }, () => webhook));
    const shuffled = posts.map((webhook) => ({ webhook, at: Math.random() })).sort((a, b) => a.at - b.at);
    const answers = shuffled.map(({ webhook }, index) => webhooks.post(webhook, system.apis[index % 2]));
    return new Set((await Promise.all(answers)).map(({ status }) => status));
  }

  const stored = (id: string) =>
    numberOf(system, 'SELECT count(*)::int AS n FROM sms_receipts WHERE provider_id = $1', [id]);

  const priced = (id: string) =>
    numberOf(system, 'SELECT count(*)::int AS n FROM sms_deliveries WHERE provider_id = $1 AND price IS NOT NULL', [
      id,
    ]);

  it.each(['before', 'with', 'after'] as const)(
    'what comes %s the answer ends at delivered, each fact stored once, the price that one of them tells kept',
    async (when) => {
      for (let round = 0; round < ROUNDS; round++) {
        const { person, token, id } = await handedOver();
        const told = STATUSES.map((status) =>
          webhooks.about(id, status, undefined, status === 'sent' ? '0.0051' : null),
        );
        if (when === 'after') release();
        if (when === 'after') await person.statusWhen(token, ({ delivery }) => delivery === 'sent');
        const posted = postAll(told);
        if (when === 'with') release();
        expect(await posted).toEqual(new Set([200]));
        if (when === 'before') release();
        await person.statusWhen(token, ({ delivery }) => delivery === 'delivered');
        expect(await stored(id)).toBe(STATUSES.length);
        expect(await priced(id)).toBe(1);
      }
    },
    RACE_TIMEOUT_MS,
  );

  it.each(['before', 'with', 'after'] as const)(
    'a failure told %s the answer, by many at once, is one second hand-over with the same code',
    async (when) => {
      for (let round = 0; round < ROUNDS; round++) {
        const { person, token, id } = await handedOver();
        const told = [webhooks.about(id, 'sent'), webhooks.about(id, 'delivery_failed')];
        if (when === 'after') release();
        if (when === 'after') await person.statusWhen(token, ({ delivery }) => delivery === 'sent');
        const posted = postAll(told);
        if (when === 'with') release();
        expect(await posted).toEqual(new Set([200]));
        if (when === 'before') release();
        const code = await person.codeOf(token);
        await idle(system);
        expect((await system.phone.messages(person.phone)).map(({ provider }) => provider)).toEqual(['twilio']);
        expect((await person.verify(token, code)).status).toBe(200);
      }
    },
    RACE_TIMEOUT_MS,
  );
});

describe('a message that did not arrive, where four of logins are paid for in an hour', () => {
  const nextPhone = phoneNumbers();
  let system: System;
  let webhooks: TelnyxWebhooks;

  beforeAll(async () => {
    const env = { ...LIMITS_OFF, LIMIT_SMS_GLOBAL: '10/1h' };
    system = await startSystem({ provider: 'telnyx,twilio', env });
    webhooks = new TelnyxWebhooks(system);
    system.clock.advance(3601 - (Math.floor(system.clock.now().getTime() / 1000) % 3600)); // to the beginning of a window
  });

  afterAll(() => system.stop());

  const spent = () => numberOf(system, `SELECT sum(n)::int AS n FROM spend_windows WHERE scope = 'login/3600'`);

  async function loggingIn(): Promise<{ person: Person; token: string; lose: () => Promise<number> }> {
    const person = new Person(system, nextPhone());
    await person.joined();
    const { token } = await person.challenged('login');
    const lost = webhooks.about(await webhooks.idFor(person.phone), 'delivery_failed');
    return { person, token, lose: async () => (await webhooks.post(lost)).status };
  }

  it('A66: what follows it by another vendor may reach a threshold, which is told', async () => {
    const { person, lose } = await loggingIn();
    const alarm = '"scope":"login/3600 50%"';
    expect(system.logs()).not.toContain(alarm);
    const after = await system.phone.newest(person.phone);
    expect(await lose()).toBe(200);
    expect((await system.phone.messageFor(person.phone, { after })).provider).toBe('twilio');
    expect(await spent()).toBe(2);
    expect(system.logs()).toContain(alarm);
  });

  it('A66: is followed by none when others take the last at that moment, and the person may ask again at once', async () => {
    const { person, token, lose } = await loggingIn();
    const client = await system.database.connect();
    let posted: Promise<number> | undefined;
    try {
      await client.query(`BEGIN; UPDATE spend_windows SET n = 4 WHERE scope = 'login/3600'`);
      posted = lose();
      await untilWaiting(system, 1);
    } finally {
      await client.query('COMMIT');
      client.release();
    }
    expect(await posted).toBe(200);
    expect(await person.status(token)).toMatchObject({ delivery: 'failed', resendAfter: 0 });
    expect((await system.phone.messages(person.phone))[0]?.provider).toBe('telnyx');
    expect(await spent()).toBe(4);
  });
});
