// STOP and START as each vendor that hears people posts them, in its own tongue and signed its own way (issue 3, point 6; ADR 32): the
// sender that was told leaves the number alone, the next one serves it, until START.
import { createHmac } from 'node:crypto';
import { startSystem, type System } from '../../support/instance';
import { until } from '../../support/patience';
import { Person } from '../../support/person';
import { clearFault, reply, requestsTo, setFault } from '../../support/simulator-control';
import { TelnyxWebhooks } from '../../support/telnyx-webhook';

/** Each serves the numbers of a country first, with another vendor behind it. */
const VENDORS = [
  { vendor: 'telnyx', country: 'US', next: 'twilio', phone: '+14152003001' },
  { vendor: 'infobip', country: 'GB', next: 'twilio', phone: '+447911203001' },
  { vendor: 'sinch', country: 'DE', next: 'twilio', phone: '+4915112303001' },
  { vendor: 'vonage', country: 'FR', next: 'twilio', phone: '+33612303001' },
  { vendor: 'http', country: 'IT', next: 'twilio', phone: '+393201230301' },
  { vendor: 'twilio', country: 'ES', next: 'telnyx', phone: '+34612303001' },
] as const;

let system: System;
beforeAll(async () => {
  const routes = VENDORS.map(({ vendor, country, next }) => `${country}=${vendor},${next}`);
  const SMS_ROUTES = [...routes, 'NL=telnyx-verify'].join(';');
  const provider = [...VENDORS.map(({ vendor }) => vendor), 'telnyx-verify'].join(',');
  const TWILIO_MESSAGING_SERVICE_SID = `MG${'0'.repeat(32)}`; // Twilio picks the sender
  const VONAGE_FROM = '13125550101'; // Vonage names numbers without +
  const env = { SMS_ROUTES, TWILIO_MESSAGING_SERVICE_SID, VONAGE_FROM, OTP_RESEND_SECONDS: '1,1,1' };
  system = await startSystem({ provider, receipts: true, env });
});
afterAll(() => system.stop());

async function told(vendor: string): Promise<number> {
  const response = await fetch(`${system.simulator}/receipts?provider=${vendor}`);
  const posted = (await response.json()) as { about: string; status: number }[];
  return posted.filter(({ about, status }) => about === 'inbound' && status === 200).length;
}

/** The phone writes to the vendor's number, and we have answered 200. */
async function writes(phone: string, vendor: string, text: string): Promise<void> {
  const before = await told(vendor);
  await reply(system, phone, vendor, text);
  await until(async () => (await told(vendor)) !== before, `our 200 to ${vendor}`);
}

async function servedBy(person: Person): Promise<string> {
  const after = await system.phone.newest(person.phone);
  const { token, code } = await person.challenged('login');
  const { provider } = await system.phone.messageFor(person.phone, { after });
  expect((await person.verify(token, code)).status).toBe(200);
  return provider;
}

it.each(VENDORS)('STOP to $vendor leaves the number to the next sender, START brings it back', async (given) => {
  const { vendor, next, phone } = given;
  const person = new Person(system, phone);
  await person.joined();
  expect(await servedBy(person)).toBe(vendor);
  await writes(phone, vendor, 'please stop by for tea');
  expect(await servedBy(person)).toBe(vendor);
  await writes(phone, vendor, 'STOP');
  expect(await servedBy(person)).toBe(next);
  await writes(phone, vendor, 'start');
  expect(await servedBy(person)).toBe(vendor);
});

/** What Telnyx says that this phone has written, so many seconds ahead of our clock. */
async function says(
  phone: string,
  text: string,
  { to = system.secret('TELNYX_PHONE_NUMBER'), ahead = 0, provider = 'telnyx' } = {},
) {
  const webhooks = new TelnyxWebhooks(system);
  const payload = {
    id: `${phone.slice(1)}-${text}-${ahead}`,
    from: { phone_number: phone },
    to: [{ phone_number: to }],
    text,
  };
  const at = new Date(system.clock.now().getTime() + ahead * 1000);
  expect((await webhooks.post(webhooks.signed('message.received', payload, at), system.api, provider)).status).toBe(
    200,
  );
}

async function stopped(provider: string): Promise<string[]> {
  const sql = 'SELECT sender FROM sms_opt_outs WHERE stopped AND provider = $1';
  return (await system.database.query<{ sender: string }>(sql, [provider])).rows.map(({ sender }) => sender);
}

it('STOP is for the number that was written to; one from a clock that runs ahead does not outlive a later START', async () => {
  const person = new Person(system, '+14152003002');
  await person.joined();
  await says(person.phone, 'STOP', { to: '+12025550199' });
  expect(await servedBy(person)).toBe('telnyx');
  await says(person.phone, 'STOP', { ahead: 200 });
  expect(await servedBy(person)).toBe('twilio');
  await says(person.phone, 'START');
  expect(await servedBy(person)).toBe('telnyx');
  expect(await stopped('telnyx')).toContain('+12025550199');
});

it('what Twilio says that a word of the operator’s own means is believed', async () => {
  const person = new Person(system, '+34612303003');
  await person.joined();
  expect(await servedBy(person)).toBe('twilio');
  const url = `${system.api.url}/webhooks/sms/twilio`;
  const form = Object.entries({
    Body: 'ya no más',
    From: person.phone,
    MessageSid: `SM${'3'.repeat(32)}`,
    OptOutType: 'STOP',
    To: '+12025550198',
  });
  const signature = createHmac('sha1', system.secret('TWILIO_AUTH_TOKEN')).update(url + form.flat().join(''));
  const { status } = await fetch(url, {
    method: 'POST',
    headers: { 'x-twilio-signature': signature.digest('base64') },
    body: new URLSearchParams(form),
  });
  expect(status).toBe(200);
  expect(await servedBy(person)).toBe('telnyx');
});

it('what a vendor refuses that picks its senders itself counts for all of them, until START', async () => {
  const person = new Person(system, '+34612303002');
  await person.joined();
  await writes(person.phone, 'twilio', 'STOP');
  await system.database.query('DELETE FROM sms_opt_outs'); // the word went to the vendor only
  expect(await servedBy(person)).toBe('telnyx');
  expect(await stopped('twilio')).toEqual(['*']);
  await says(person.phone, 'START'); // to another vendor
  expect(await stopped('twilio')).toEqual(['*']);
  await writes(person.phone, 'twilio', 'START');
  expect(await servedBy(person)).toBe('twilio');
});

it('START ends what a vendor has refused, though its sender is configured without the + that people write to', async () => {
  const person = new Person(system, '+33612303002');
  await person.joined();
  await writes(person.phone, 'vonage', 'STOP');
  await system.database.query('DELETE FROM sms_opt_outs'); // the word went to the vendor only
  expect(await servedBy(person)).toBe('twilio');
  system.clock.advance(1); // Vonage tells whole seconds
  await writes(person.phone, 'vonage', 'START');
  expect(await servedBy(person)).toBe('vonage');
});

it('a receipt that says stopped is believed as well: the same code comes another way, and the vendor is not asked again', async () => {
  const webhooks = new TelnyxWebhooks(system);
  const person = new Person(system, '+14152003003');
  await person.joined();
  await setFault(system, 'telnyx', { kind: 'late_receipt', ms: 600_000 });
  const { token, code } = await person.challenged('login');
  await clearFault(system, 'telnyx');
  const after = await system.phone.newest(person.phone);
  const id = await webhooks.idFor(person.phone);
  expect((await webhooks.post(webhooks.about(id, 'delivery_failed', '40300'))).status).toBe(200);
  expect(await system.phone.messageFor(person.phone, { after })).toMatchObject({ provider: 'twilio', code });
  expect((await person.verify(token, code)).status).toBe(200);
  const asked = (await requestsTo(system, 'telnyx')).length;
  expect(await servedBy(person)).toBe('twilio');
  expect((await requestsTo(system, 'telnyx')).length).toBe(asked);
});

it('STOP is about texts: a call still reaches the number', async () => {
  const person = new Person(system, '+31612303001');
  await person.joined();
  await says(person.phone, 'STOP', { provider: 'telnyx-verify' });
  const { challengeToken: token } = (await person.login()).body;
  const status = await person.statusWhen(token, ({ delivery }) => delivery === 'failed');
  expect(status).toMatchObject({
    deliveryFailure: 'opted_out',
    next: expect.arrayContaining(['resend_voice']) as unknown,
  });
  const after = await system.phone.newest(person.phone);
  expect((await person.resend(token, 'voice')).status).toBe(202);
  const { channel, code } = await system.phone.messageFor(person.phone, { after });
  expect([channel, (await person.verify(token, code)).status]).toEqual(['voice', 200]);
});

it('a STOP that was heard counts for ever, whatever its vendor refuses later about a message that was under way', async () => {
  const webhooks = new TelnyxWebhooks(system);
  const person = new Person(system, '+14152003004');
  await person.joined();
  await setFault(system, 'telnyx', { kind: 'late_receipt', ms: 600_000 });
  await person.challenged('login');
  await clearFault(system, 'telnyx');
  await says(person.phone, 'STOP');
  const id = await webhooks.idFor(person.phone);
  expect((await webhooks.post(webhooks.about(id, 'delivery_failed', '40300'))).status).toBe(200);
  system.clock.advance(25 * 3600);
  expect(await servedBy(person)).toBe('twilio');
});
