// What vendors tell us over HTTP: only the vendor itself, only now, and only about what it carried (A88, A89, A91). The vendor here
// is Telnyx; test/contract/full/receipts.contract-spec.ts asks each vendor's reader the same.
import { handOversTo } from '../support/deliveries';
import { startSystem, type System } from '../support/instance';
import { Person, phoneNumbers } from '../support/person';
import { clearFault, setFault } from '../support/simulator-control';
import { TelnyxWebhooks } from '../support/telnyx-webhook';

const nextPhone = phoneNumbers();
const SLOW_TURNS = { OTP_RESEND_SECONDS: '60,60,60' }; // longer than any test waits

describe('webhooks of vendors', () => {
  let system: System;
  let webhooks: TelnyxWebhooks;

  beforeAll(async () => {
    system = await startSystem({ provider: 'telnyx,telnyx-verify' });
    webhooks = new TelnyxWebhooks(system);
  });

  afterAll(() => system.stop());

  async function sentMessage() {
    const person = new Person(system, nextPhone());
    const { token, code } = await person.challenged('register');
    return { person, token, code, id: await webhooks.idFor(person.phone) };
  }

  const stored = async () => (await system.database.query('SELECT 1 FROM sms_receipts')).rows.length;

  it('a signed receipt is stored, shows in the status, and neither proves the phone nor spends the code', async () => {
    const { person, token, code, id } = await sentMessage();
    expect((await person.status(token)).delivery).toBe('sent');
    const answer = await webhooks.post(webhooks.about(id, 'delivered'));
    expect([answer.status, answer.text]).toEqual([200, '']);
    expect(await person.status(token)).toMatchObject({ state: 'pending', delivery: 'delivered', attemptsLeft: 5 });
    const { rows } = await system.database.query<object>(
      'SELECT status, price::float8, currency FROM sms_deliveries WHERE provider_id = $1',
      [id],
    );
    expect(rows).toEqual([{ status: 'delivered', price: 0.0051, currency: 'USD' }]);
    expect((await person.verify(token, '000000')).body.code).toBe('code_invalid');
    expect((await person.verify(token, code)).status).toBe(200);
  });

  it('A88: what is not signed by the vendor is 401, changes nothing, and leaves one event', async () => {
    const { person, token, id } = await sentMessage();
    const before = await stored();
    const good = webhooks.about(id, 'delivered');
    const signature = 'telnyx-signature-ed25519';
    const other = webhooks.about(id, 'sent').headers[signature] ?? '';
    const spaced = JSON.stringify(JSON.parse(good.body), null, 1);
    for (const forged of [
      { ...good, headers: {} },
      { ...good, headers: { ...good.headers, [signature]: other } },
      { ...good, headers: { ...good.headers, [signature]: 'no base64!' } },
      { ...good, headers: { [signature]: good.headers[signature] ?? '' } },
      { ...good, body: good.body.replace(id, id.toUpperCase()) },
      { ...good, body: spaced },
      { ...good, body: '' },
    ]) {
      const answer = await webhooks.post(forged);
      expect([answer.status, answer.body.code]).toEqual([401, 'signature_invalid']);
    }
    expect(await stored()).toBe(before);
    expect((await person.status(token)).delivery).toBe('sent');
    const { rows } = await system.database.query(`SELECT reason FROM audit_log WHERE event = 'webhook_rejected'`);
    expect(rows).toEqual([{ reason: 'telnyx: bad_signature' }]);
  });

  it('A89: what was signed 6 minutes ago, or in 6 minutes, is 401; within 5 it is taken, and again, with the same effect', async () => {
    const { id } = await sentMessage();
    const payload = { id, to: [{ status: 'delivered' }] };
    const at = (seconds: number) => new Date(system.clock.now().getTime() + seconds * 1000);
    for (const seconds of [-360, 360]) {
      expect((await webhooks.post(webhooks.signed('message.finalized', payload, at(seconds)))).status).toBe(401);
    }
    const before = await stored();
    const good = webhooks.signed('message.finalized', payload, at(-280));
    expect([(await webhooks.post(good)).status, (await webhooks.post(good)).status]).toEqual([200, 200]);
    expect(await stored()).toBe(before + 1);
  });

  it('a status only moves forward, whatever order its receipts come in', async () => {
    const { person, token, id } = await sentMessage();
    const seen: string[] = [];
    for (const status of ['delivered', 'delivery_failed', 'sent'] as const) {
      expect((await webhooks.post(webhooks.about(id, status))).status).toBe(200);
      seen.push((await person.status(token)).delivery);
    }
    expect(seen).toEqual(['delivered', 'delivered', 'delivered']);
  });

  it('a failure told of an older message leaves the newer one alone', async () => {
    const { person, token, id } = await sentMessage();
    system.clock.advance(30);
    expect((await person.resend(token)).status).toBe(202);
    await person.statusWhen(token, ({ delivery }) => delivery === 'sent');
    expect((await webhooks.post(webhooks.about(id, 'delivery_failed'))).status).toBe(200);
    expect(await person.status(token)).toMatchObject({ delivery: 'sent', next: ['verify', 'wait'] });
  });

  it('a vendor is heard about its own messages only, and its price counts in whatever order it comes', async () => {
    const { person, token, id } = await sentMessage();
    expect((await webhooks.post(webhooks.about(id, 'delivered'), system.api, 'telnyx-verify')).status).toBe(200);
    expect((await person.status(token)).delivery).toBe('sent');
    const unpriced = webhooks.signed('message.finalized', { id, to: [{ status: 'delivered' }] });
    for (const webhook of [unpriced, webhooks.about(id, 'sent')]) await webhooks.post(webhook);
    const sql = 'SELECT status, price::float8 FROM sms_deliveries WHERE provider_id = $1';
    expect((await system.database.query(sql, [id])).rows).toEqual([{ status: 'delivered', price: 0.0051 }]);
  });

  it('knows no vendor that is not configured, no other method, and no other form of event', async () => {
    const good = webhooks.about('an-id', 'delivered');
    for (const provider of ['twilio', 'nobody', 'telnyx%00', '__proto__']) {
      expect((await webhooks.post(good, system.api, provider)).status).toBe(404);
    }
    expect((await system.api.get('/webhooks/sms/telnyx')).status).toBe(405);
    const { status, body } = await webhooks.post(webhooks.signed('message.sent', []));
    expect([status, body.code]).toEqual([400, 'validation_failed']);
  });

  it('A91: reads 64 kB and not a byte more; a form is taken here as JSON is, anything else is 415', async () => {
    const post = async (length: number, type = 'application/json') => {
      const headers = { 'content-type': type };
      return (await system.api.post('/webhooks/sms/telnyx', undefined, { headers, rawBody: 'x'.repeat(length) }))
        .status;
    };
    expect(await post(64 * 1024)).toBe(401);
    expect(await post(64 * 1024 + 1)).toBe(413);
    expect(await post(10, 'application/x-www-form-urlencoded')).toBe(401);
    expect(await post(10, 'text/plain')).toBe(415);
  });
});

describe('what receipts drive', () => {
  let system: System;

  beforeAll(async () => {
    system = await startSystem({ provider: 'telnyx,telnyx-verify,twilio', receipts: true, env: SLOW_TURNS });
  });

  afterAll(() => system.stop());
  afterEach(() => Promise.all(['telnyx', 'telnyx-verify'].map((provider) => clearFault(system, provider))));

  const ended = (person: Person, token: string, delivery: string) =>
    person.statusWhen(token, (status) => status.delivery === delivery);

  async function registered(phone = nextPhone()) {
    const person = new Person(system, phone);
    const { body } = await person.register();
    return { person, token: body.challengeToken };
  }

  const handOvers = async (phone: string) =>
    (await handOversTo(system, phone)).flatMap(({ provider, status }) =>
      provider === null ? [] : [[provider, status]],
    );

  const hits = async () => {
    const sql = `SELECT sum(cardinality(hits))::int AS n FROM rate_limits WHERE key LIKE 'sms:to:%'`;
    return (await system.database.query<{ n: number }>(sql)).rows[0]?.n ?? 0;
  };

  it('tells the person that the message has arrived', async () => {
    const { person, token } = await registered();
    expect(await ended(person, token, 'delivered')).toMatchObject({ state: 'pending', next: ['verify', 'wait'] });
  });

  it('A55: a decoy arrives too, in about the time the newest real message took', async () => {
    const [real, owner] = [await registered(), new Person(system, nextPhone())];
    await ended(real.person, real.token, 'delivered');
    await owner.joined();
    const { person, token } = await registered(owner.phone);
    const sequence = new Set<string>();
    await person.statusWhen(token, ({ delivery }) => {
      return sequence.add(delivery) && delivery === 'delivered';
    });
    expect([...sequence].filter((state) => state !== 'queued')).toEqual(['sent', 'delivered']);
    const { rows } = await system.database.query<{ decoy: number; real: number }>(
      `SELECT max(extract(epoch FROM arrives_at - sent_at)) FILTER (WHERE provider IS NULL)::float8 AS decoy,
              max(extract(epoch FROM delivered_at - sent_at)) FILTER (WHERE provider IS NOT NULL)::float8 AS real FROM sms_deliveries`,
    );
    expect(rows[0]?.decoy).toBeLessThanOrEqual((rows[0]?.real ?? 0) * 1.2);
    expect(rows[0]?.decoy).toBeGreaterThan(0);
  });

  it('a message that did not arrive goes another way by itself: same code, one more message in the budget of the number', async () => {
    await setFault(system, 'telnyx', { kind: 'undelivered' });
    const before = await hits();
    const { person, token } = await registered();
    await ended(person, token, 'delivered');
    expect(await handOvers(person.phone)).toEqual([
      ['telnyx', 'failed'],
      ['telnyx-verify', 'delivered'],
    ]);
    const [message, ...more] = await system.phone.messages(person.phone);
    expect(more).toEqual([]);
    expect((await hits()) - before).toBe(2);
    expect((await person.verify(token, message?.code)).status).toBe(200);
  });

  it('when that does not arrive either, it is told as failed, may be asked for again at once, a call first, and nothing more is sent', async () => {
    await setFault(system, 'telnyx', { kind: 'undelivered' });
    await setFault(system, 'telnyx-verify', { kind: 'undelivered' });
    const { person, token } = await registered();
    await person.statusWhen(token, ({ next }) => next[0] === 'resend_voice');
    const status = await ended(person, token, 'failed');
    expect(status).toMatchObject({ state: 'pending', resendAfter: 0, next: ['resend_voice', 'resend_sms'] });
    expect(await handOvers(person.phone)).toEqual([
      ['telnyx', 'failed'],
      ['telnyx-verify', 'failed'],
    ]);
    await clearFault(system, 'telnyx-verify');
    expect((await person.resend(token, 'voice')).status).toBe(202);
    const call = await system.phone.messageFor(person.phone);
    expect([call.channel, (await person.verify(token, call.code)).status]).toEqual(['voice', 200]);
  });

  it('nothing goes another way once the code has been entered or has expired', async () => {
    const webhooks = new TelnyxWebhooks(system);
    const owner = new Person(system, nextPhone());
    await owner.joined();
    await webhooks.post(webhooks.about(await webhooks.idFor(owner.phone), 'delivery_failed'));
    await setFault(system, 'telnyx', { kind: 'late_receipt', ms: 600_000 });
    const { person, token } = await registered();
    await person.codeOf(token);
    system.clock.advance(301);
    await webhooks.post(webhooks.about(await webhooks.idFor(person.phone), 'delivery_failed'));
    const providers = async (phone: string) => (await handOvers(phone)).map(([provider]) => provider);
    expect([await providers(owner.phone), await providers(person.phone)]).toEqual([['telnyx'], ['telnyx']]);
    expect(await person.status(token)).toMatchObject({ state: 'expired', next: ['restart'] });
  });

  it('a vendor that tells everything twice, and late, changes nothing else', async () => {
    await setFault(system, 'telnyx', { kind: 'duplicate_receipt' });
    const { person, token } = await registered();
    await ended(person, token, 'delivered');
    await setFault(system, 'telnyx', { kind: 'late_receipt', ms: 20_000 });
    const late = await registered();
    await late.person.codeOf(late.token);
    expect((await late.person.status(late.token)).delivery).toBe('sent');
    system.clock.advance(21);
    await ended(late.person, late.token, 'delivered');
    const { rows } = await system.database.query(
      'SELECT 1 FROM sms_receipts GROUP BY provider_id, status HAVING count(*) > 1',
    );
    expect(rows).toEqual([]);
  });
});
