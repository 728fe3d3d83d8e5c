// A country that is attacked where people live: what is lost is bounded however many people enter their codes, and people are let in again
// as soon as their codes come back (ADR 54, A66). Small numbers: a country takes 6 an hour and 10 a day, 12 at the most.
import { AddressedClient, BELIEVES_ADDRESSES } from '../../support/addressed-client';
import { startSystem, type System } from '../../support/instance';
import { PASSWORD, Person } from '../../support/person';

const HOUR_SECONDS = 3600;
const WEEKS_SECONDS = 30 * 24 * HOUR_SECONDS;
const TRICKLE_SECONDS = 600;

let system: System;
beforeAll(async () => {
  system = await startSystem({
    env: {
      ...BELIEVES_ADDRESSES,
      LIMIT_SMS_ADDRESS: '3/1h',
      LIMIT_SMS_PREFIX: '5/1h',
      LIMIT_SMS_UNVERIFIED: '6/1h,10/1d',
      LIMIT_SMS_COUNTRY: '500/1d',
      LIMIT_SMS_GLOBAL: '1000/1h,10000/1d',
    },
  });
});
afterAll(() => system.stop());
// What a country and an address are remembered for has faded.
afterEach(() => system.clock.advance(WEEKS_SECONDS));

let made = 0;
const address = () => `10.1.${made >> 8}.${made & 255}`;
/** Each number has a prefix of its own, and each stranger an address, unless the case says so. */
const stranger = ({ prefix, from }: { prefix?: string; from?: string } = {}) => {
  made += 1;
  const phone = prefix === undefined ? `+49151${2000 + made}0001` : `${prefix}${1000 + made}`;
  return new Person(system, phone, PASSWORD, new AddressedClient(system.api.url, from ?? address()));
};
const taken = async (count: number, person = () => stranger()) => {
  let messages = 0;
  for (let n = 0; n < count; n += 1) messages += (await person().register()).status === 202 ? 1 : 0;
  return messages;
};
const joined = async (count: number, person = () => stranger()) => {
  for (let n = 0; n < count; n += 1) await person().joined();
};

describe('a country under attack', () => {
  it('loses what one where nobody enters codes does, and twice as much at the most where many do', async () => {
    expect(await taken(20)).toBe(6);
    system.clock.advance(WEEKS_SECONDS);
    await joined(4);
    expect(await taken(20)).toBe(6 + 2);
    system.clock.advance(WEEKS_SECONDS);
    await joined(40);
    expect(await taken(30)).toBe(12);
  });

  it('is closed and lets one stranger in every ten minutes, up to 12 in a day', async () => {
    expect(await taken(20)).toBe(6);
    let later = 0;
    for (let n = 0; n < 20; n += 1) {
      system.clock.advance(TRICKLE_SECONDS + 1);
      later += await taken(5);
    }
    expect(later).toBe(6);
  });

  it('tells when the next one is let in', async () => {
    await taken(7);
    const refused = await stranger().register();
    expect([refused.status, refused.body.code]).toEqual([503, 'sms_budget_exhausted']);
    expect(Number(refused.headers.get('retry-after'))).toBeLessThanOrEqual(TRICKLE_SECONDS);
    system.clock.advance(Number(refused.headers.get('retry-after')) + 1);
    expect(await taken(1)).toBe(1);
  });

  it('takes people again as soon as the attack is over: each code that is entered makes room for one more', async () => {
    expect(await taken(20)).toBe(6);
    system.clock.advance(TRICKLE_SECONDS + 1);
    await joined(10);
    const [one, another] = [stranger(), stranger()];
    expect([(await one.register()).status, (await another.register()).status]).toEqual([202, 202]);
  });

  it('is closed to numbers in a row first: with half of the budget open elsewhere a prefix takes two, other people are served', async () => {
    expect(await taken(3)).toBe(3);
    expect(await taken(10, () => stranger({ prefix: '+491515555' }))).toBe(2);
    expect(await taken(1)).toBe(1);
  });

  it('serves an address for a day after its people have entered their codes', async () => {
    const from = '10.9.9.9';
    await joined(6, () => stranger({ from }));
    system.clock.advance(12 * HOUR_SECONDS);
    await taken(20);
    expect(await taken(1)).toBe(0);
    await joined(3, () => stranger({ from }));
  });

  it('gives an address half a message more for each code that is entered there, twice its number at the most', async () => {
    const from = '10.9.9.10';
    const there = () => stranger({ from });
    expect(await taken(6, there)).toBe(3);
    system.clock.advance(WEEKS_SECONDS);
    await joined(2, there);
    expect(await taken(6, there)).toBe(4);
    system.clock.advance(WEEKS_SECONDS);
    await joined(12, there);
    expect(await taken(12, there)).toBe(6);
  });
});
