// What vendors tell us over HTTP: only the vendor itself, only now, and only about what it carried (A88, A89, A91). The vendor here
// is Telnyx; test/contract/receipts.contract-spec.ts asks each vendor's reader the same.
import { startSystem, type System } from '../support/instance';
import { Person, phoneNumbers } from '../support/person';
import { TelnyxWebhooks } from '../support/telnyx-webhook';

const nextPhone = phoneNumbers();

describe('webhooks of vendors', () => {
  let system: System;
  let webhooks: TelnyxWebhooks;

  beforeAll(async () => {
    system = await startSystem({ provider: 'telnyx,telnyx-verify', env: { OTP_RESEND_SECONDS: '1,1,1' } });
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

  it('knows no vendor that is not configured, and no other method', async () => {
    const good = webhooks.about('an-id', 'delivered');
    for (const provider of ['twilio', 'nobody', 'telnyx%00', '__proto__']) {
      expect((await webhooks.post(good, system.api, provider)).status).toBe(404);
    }
    expect((await system.api.get('/webhooks/sms/telnyx')).status).toBe(405);
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
