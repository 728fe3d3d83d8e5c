// Every vendor of the registry that tells how its messages end, over HTTP in one system: the simulator signs and posts as the vendor
// does, and the status that the person reads follows. Each has a country of its own, so that the number chooses it.
import 'reflect-metadata';
import { getExampleNumber } from 'libphonenumber-js/max';
import examples from 'libphonenumber-js/mobile/examples';
import { providerDefinitions } from '../../../src/sms/providers';
import { receiptFixtureOf } from '../../contract/vendor-fixtures';
import { startSystem, type System } from '../../support/instance';
import { Person } from '../../support/person';
import { clearFault, setFault } from '../../support/simulator-control';

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

let system: System;

beforeAll(async () => {
  const routes = telling.map(({ country, name }) => `${country}=${name}`).join(';');
  const provider = telling.map(({ name }) => name).join(',');
  system = await startSystem({ provider, receipts: true, env: { SMS_ROUTES: `${routes};*=telnyx` } });
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

describe('where the vendor repeats our reference in its receipt', () => {
  let system: System;

  beforeAll(async () => {
    system = await startSystem({ provider: 'twilio', receipts: true });
    await system.restart(0, { SMS_WEBHOOK_BASE_URL: system.api.url });
  });

  afterAll(() => system.stop());

  it('F13: the receipt finds the message whose answer was lost, and the person reads that it is delivered', async () => {
    await setFault(system, 'twilio', { kind: 'lost_answer', count: 1 });
    const person = new Person(system, '+14152000009');
    const { challengeToken } = (await person.register()).body;
    await person.statusWhen(challengeToken, ({ delivery }) => delivery === 'delivered');
    expect((await person.verify(challengeToken, await system.phone.codeFor(person.phone))).status).toBe(200);
    expect(await system.phone.messages(person.phone)).toHaveLength(1);
  });
});
