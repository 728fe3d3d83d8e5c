// A55: when the money for resets is spent, it is spent for everybody who names an address, whatever a message to the number behind it costs.
import { askReset, kind } from '../../support/credentials';
import { addresses, askedEmail, confirmEmail } from '../../support/emails';
import { startSystem, type System } from '../../support/instance';
import { Person, phoneNumbers } from '../../support/person';

const OFF = ['UNAUTHENTICATED', 'RESET_ADDRESS', 'REGISTER_ADDRESS', 'SMS_ADDRESS'];
/** Of the money of a day resets get a tenth: forty messages to the United States. A message to nobody has no price. */
const MONEY = { SMS_PRICES: 'US=0.01,GB=0.04', SMS_CURRENCY: 'EUR', SMS_MONEY_PER_DAY: '4' };
const nextPhone = phoneNumbers();
const nextAddress = addresses();
let system: System;

beforeAll(async () => {
  const limits = Object.fromEntries(OFF.map((name) => [`LIMIT_${name}`, 'off']));
  system = await startSystem({ mail: true, env: { ...limits, ...MONEY } });
});
afterAll(() => system.stop());

async function withAddress(): Promise<string> {
  const tokens = await new Person(system, nextPhone()).joined();
  const address = nextAddress();
  const { token, code } = await askedEmail(system, system.api, tokens, address);
  expect((await confirmEmail(system.api, tokens, token, code)).status).toBe(200);
  return address;
}

it('a code is asked for again: the same answer for an account as for nobody, before and after', async () => {
  const [known, alsoKnown] = [await withAddress(), await withAddress()];
  const again = async (name: string) => {
    const { status, body } = await askReset(system.api, name);
    system.clock.advance(31);
    return [status, kind(await new Person(system, nextPhone()).resend(body.challengeToken))];
  };
  for (const name of [known, nextAddress()]) expect([name, await again(name)]).toEqual([name, [202, '202']]);
  let spent = 0;
  while ((await askReset(system.api, nextPhone())).status === 202) spent += 1;
  expect(spent).toBe(24);
  for (const name of [alsoKnown, nextAddress()]) {
    expect([name, await again(name)]).toEqual([name, [202, '503 sms_budget_exhausted']]);
  }
});
