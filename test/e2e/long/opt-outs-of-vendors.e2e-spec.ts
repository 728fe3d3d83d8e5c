// STOP and START as each vendor that hears people posts them, in its own tongue and signed its own way (issue 3, point 6; ADR 32): the
// sender that was told leaves the number alone, the next one serves it, until START.
import { startSystem, type System } from '../../support/instance';
import { Person } from '../../support/person';
import { reply } from '../../support/simulator-control';

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
  const SMS_ROUTES = VENDORS.map(({ vendor, country, next }) => `${country}=${vendor},${next}`).join(';');
  const provider = VENDORS.map(({ vendor }) => vendor).join(',');
  system = await startSystem({ provider, receipts: true, env: { SMS_ROUTES, OTP_RESEND_SECONDS: '1,1,1' } });
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
  while ((await told(vendor)) === before) await new Promise((resolve) => setTimeout(resolve, 20));
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
