// Every vendor of the registry that tells how its messages end, over HTTP in one system: the simulator signs and posts as the vendor
// does, and the status that the person reads follows. Each has a country of its own, so that the number chooses it.
import 'reflect-metadata';
import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { type OutgoingHttpHeaders, request } from 'node:http';
import { getExampleNumber } from 'libphonenumber-js/max';
import examples from 'libphonenumber-js/mobile/examples';
import { providerDefinitions } from '../../../src/sms/providers';
import { receiptFixtureOf } from '../../contract/vendor-fixtures';
import { BELIEVES_ADDRESSES } from '../../support/addressed-client';
import { startSystem, type System } from '../../support/instance';
import { until } from '../../support/patience';
import { Person } from '../../support/person';
import { clearFault, setFault } from '../../support/simulator-control';
import { TelnyxWebhooks } from '../../support/telnyx-webhook';

const countries = [
  'US',
  'GB',
  'DE',
  'FR',
  'ES',
  'IT',
  'NL',
  'SE',
  'PL',
  'CH',
  'AT',
  'BE',
  'DK',
  'FI',
  'NO',
  'PT',
] as const;
const telling = providerDefinitions
  .filter(({ receipts }) => receipts !== undefined)
  .map(({ name }, at) => ({ name, country: countries[at] ?? 'US' }));

/** A mobile number of the country, with these two digits at its end. */
function phoneIn(country: (typeof countries)[number], end: string): string {
  return String(getExampleNumber(country, examples)?.number).slice(0, -2) + end;
}

/** Headers as they are given: several of one name, and any host. */
function posted(url: string, headers: OutgoingHttpHeaders, body: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST', headers: { ...headers, 'content-length': Buffer.byteLength(body) } });
    sent.on('response', (answer) => answer.resume().on('end', () => resolve(answer.statusCode)));
    sent.on('error', reject).end(body);
  });
}

let system: System;

beforeAll(async () => {
  const routes = telling.map(({ country, name }) => `${country}=${name}`).join(';');
  const provider = telling.map(({ name }) => name).join(',');
  system = await startSystem({
    provider,
    receipts: true,
    env: { SMS_ROUTES: `${routes};*=telnyx`, ...BELIEVES_ADDRESSES },
  });
});
afterAll(() => system.stop());

describe.each(telling)('$name', ({ name, country }) => {
  async function registered(end: string) {
    const person = new Person(system, phoneIn(country, end));
    const answer = await person.register();
    expect(answer.status).toBe(202);
    return { person, token: answer.body.challengeToken };
  }

  const tells = receiptFixtureOf(name).tells ?? ['delivered', 'failed'];

  // Vonage Verify tells of failures alone.
  if (tells.includes('delivered')) {
    it('posts that the message was delivered, and the person reads so', async () => {
      const { person, token } = await registered('11');
      await person.statusWhen(token, ({ delivery }) => delivery === 'delivered');
      expect(await system.phone.messages(person.phone)).toMatchObject([{ provider: name }]);
    });
  }

  it('posts that the message failed, and the person reads so', async () => {
    await setFault(system, name, { kind: 'undelivered' });
    const { person, token } = await registered('12');
    await person.statusWhen(token, ({ delivery }) => delivery === 'failed');
    await clearFault(system, name);
    expect(await system.phone.messages(person.phone)).toEqual([]);
  });
});

describe('what is sent to a webhook', () => {
  const path = '/webhooks/sms/telnyx';
  const stored = async (id: string) =>
    (await system.database.query('SELECT 1 FROM sms_receipts WHERE provider_id = $1', [id])).rows.length;

  it('A89: the same event fifty times at once is taken fifty times, and applied once', async () => {
    const webhooks = new TelnyxWebhooks(system);
    await setFault(system, 'telnyx', { kind: 'late_receipt', ms: 600_000 });
    const person = new Person(system, phoneIn(telling.find(({ name }) => name === 'telnyx')?.country ?? 'US', '77'));
    const { token } = await person.challenged('register');
    await clearFault(system, 'telnyx');
    const id = await webhooks.idFor(person.phone);
    const event = webhooks.about(id, 'delivered');
    const answers = await Promise.all(Array.from({ length: 50 }, () => webhooks.post(event)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect([await stored(id), (await person.status(token)).delivery]).toEqual([1, 'delivered']);
  });

  it('A88: two signature headers, another key, and the same body in other words are 401 and nothing is stored', async () => {
    const good = new TelnyxWebhooks(system).about('a88', 'delivered');
    const [name, signature] = ['telnyx-signature-ed25519', good.headers['telnyx-signature-ed25519'] ?? ''];
    const { data } = JSON.parse(good.body) as { data: Record<string, unknown> };
    const turned = JSON.stringify({ data: Object.fromEntries(Object.entries(data).reverse()) });
    const { privateKey } = generateKeyPairSync('ed25519');
    const foreign = sign(null, Buffer.from(`${good.headers['telnyx-timestamp']}|${good.body}`), privateKey);
    for (const [body, signatures] of [
      [good.body, [signature, signature]],
      [good.body, [signature, 'AAAA']],
      [good.body, [foreign.toString('base64')]],
      [turned, [signature]],
      [good.body.replace('event', '\\u0065vent'), [signature]],
    ] as const) {
      expect(JSON.parse(body)).toEqual(JSON.parse(good.body));
      const headers = { ...good.headers, 'content-type': 'application/json', [name]: [...signatures] };
      expect(await posted(`${system.api.url}${path}`, headers, body)).toBe(401);
    }
    expect(await stored('a88')).toBe(0);
    expect(
      await posted(`${system.api.url}${path}`, { ...good.headers, 'content-type': 'application/json' }, good.body),
    ).toBe(200);
  });

  it('A91: however many receipts wait to be stored, people are served', async () => {
    const webhooks = new TelnyxWebhooks(system);
    const person = new Person(system, phoneIn('US', '78'));
    const { token } = await person.challenged('register');
    const lock = await system.database.connect();
    await lock.query('BEGIN; LOCK TABLE sms_receipts IN EXCLUSIVE MODE');
    let answered = 0;
    const events = Array.from({ length: 40 }, (_, n) => webhooks.about(`waits-${n}`, 'delivered'));
    const posts = events.map((event) => webhooks.post(event).finally(() => (answered += 1)));
    const blocked = `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
    await until(async () => (await system.database.query(blocked)).rows.length >= 8, 'the eighth that waits');
    expect((await person.status(token)).state).toBe('pending');
    expect(answered).toBe(0);
    await lock.query('ROLLBACK');
    lock.release();
    await Promise.all(posts);
    for (const event of events) expect((await webhooks.post(event)).status).toBe(200); // what was 503 is told again
    expect(
      (await system.database.query(`SELECT 1 FROM sms_receipts WHERE provider_id LIKE 'waits-%'`)).rows,
    ).toHaveLength(40);
  });

  const byTwilio = (text: string) =>
    createHmac('sha1', system.secret('TWILIO_AUTH_TOKEN')).update(text).digest('base64');

  it('A88: our reference is good for the vendor that has the message, and only until it has named it', async () => {
    const told = async (phone: string): Promise<string> => {
      const sql = `SELECT d.id FROM sms_deliveries d JOIN otp_attempts c ON c.id = d.reference_id WHERE c.phone = $1 AND d.provider IS NOT NULL`;
      const handedOver = async () => (await system.database.query<{ id: string }>(sql, [phone])).rows[0];
      // While the vendor is still being asked, hence at once.
      const row = await until(handedOver, `a hand-over to ${phone}`, 30_000, 1);
      const url = `${system.api.url}/webhooks/sms/twilio?reference=${row.id}`;
      const id = `SM${row.id.replaceAll('-', '')}`;
      const signature = byTwilio(`${url}MessageSid${id}MessageStatusdelivered`);
      const headers = { 'content-type': 'application/x-www-form-urlencoded', 'x-twilio-signature': signature };
      expect(await posted(url, headers, `MessageSid=${id}&MessageStatus=delivered`)).toBe(200);
      return row.id;
    };
    const of = (name: string) =>
      new Person(system, phoneIn(telling.find((vendor) => vendor.name === name)?.country ?? 'US', '77'));
    const [another, own] = [of('telnyx'), of('twilio')];
    await setFault(system, 'telnyx', { kind: 'hang' });
    await setFault(system, 'twilio', { kind: 'undelivered' });
    try {
      const asked = (await another.register()).body.challengeToken;
      await told(another.phone);
      expect((await another.status(asked)).delivery).toBe('queued');
      const lost = (await own.register()).body.challengeToken;
      await own.statusWhen(lost, ({ delivery }) => delivery === 'failed');
      await told(own.phone);
      expect((await own.status(lost)).delivery).toBe('failed');
    } finally {
      await clearFault(system, 'telnyx');
      await clearFault(system, 'twilio');
    }
  });

  it('A91: the address that Twilio signs is ours by configuration, whatever the headers of a proxy say', async () => {
    const form = 'MessageSid=SM00000000000000000000000000000091&MessageStatus=delivered';
    const fields = 'MessageSidSM00000000000000000000000000000091MessageStatusdelivered';
    const own = `${system.api.url}/webhooks/sms/twilio`;
    const spoofed = {
      'x-forwarded-host': 'evil.example',
      'x-forwarded-proto': 'https',
      forwarded: 'host=evil.example;proto=https',
    };
    const post = (signature: string) =>
      posted(
        own,
        {
          ...spoofed,
          host: 'evil.example',
          'content-type': 'application/x-www-form-urlencoded',
          'x-twilio-signature': signature,
        },
        form,
      );
    expect(await post(byTwilio(`https://evil.example/webhooks/sms/twilio${fields}`))).toBe(401);
    expect(await post(byTwilio(own + fields))).toBe(200);
  });
});
