// What strangers can make us spend in a country and in all, with the numbers of security.md 5.4 (A66): registrations are refused, logins
// go on.
import { changePassword, NEW_PASSWORD } from '../../support/credentials';
import { startSystem, type System } from '../../support/instance';
import { until } from '../../support/patience';
import type { ChallengeAnswer, Person } from '../../support/person';
import {
  alarms,
  DAY_SECONDS,
  HOUR_SECONDS,
  kinds,
  nextAddress,
  nextBlock,
  numberIn,
  reasonsOf,
  registrations,
  SPEND_LIMITS,
  strangerTo,
} from '../../support/strangers';

let system: System;
beforeAll(async () => {
  system = await startSystem({ env: SPEND_LIMITS });
});
afterAll(() => system.stop());
// Every case has its own hours, and a day behind it.
afterEach(() => system.clock.advance(2 * DAY_SECONDS));

const stranger = (phone: string, address?: string) => strangerTo(system, phone, address);

/** To the beginning of the next window of spend. */
const toNext = (seconds: number) =>
  system.clock.advance(seconds - (Math.floor(system.clock.now().getTime() / 1000) % seconds) + 1);

describe('one country', () => {
  it('A66: an attack over many prefixes loses 30 messages, then the country takes no strangers for an hour; others and logins do', async () => {
    const user = stranger(numberIn('DE', nextBlock(), 1));
    await user.joined();
    system.clock.advance(DAY_SECONDS);
    const answers = await registrations(50, (n) => stranger(numberIn('DE', 100 + n, 7)));
    expect(kinds(answers)).toEqual({ '202': 30, '503 sms_budget_exhausted': 20 });
    expect(await reasonsOf(system, 'sms_breaker_opened')).toContain('country:DE');
    expect((await stranger(numberIn('IT', nextBlock(), 1)).register()).status).toBe(202);
    expect((await user.login()).status).toBe(200);
    system.clock.advance(HOUR_SECONDS + 1);
    expect((await stranger(numberIn('DE', 300, 8)).register()).status).toBe(202);
  });

  it('while it is closed, an address whose people enter their codes is still served', async () => {
    const [address, block] = [nextAddress(), nextBlock()];
    for (let n = 0; n < 6; n += 1) await stranger(numberIn('IT', block, n), address).joined();
    const attack = kinds(await registrations(40, (n) => stranger(numberIn('IT', 100 + n, 7))));
    expect(attack['202']).toBeLessThanOrEqual(35);
    expect((await stranger(numberIn('IT', block + 1, 1)).register()).status).toBe(503);
    for (let n = 10; n < 20; n += 1) await stranger(numberIn('IT', block, n), address).joined();
  });

  it('a slow drip loses 60 messages in a day at the most', async () => {
    let lost = 0;
    for (let hour = 0; hour < 23; hour += 1) {
      for (const answer of await registrations(3, (n) => stranger(numberIn('FR', 100 + hour * 3 + n, 7)))) {
        lost += answer.status === 202 ? 1 : 0;
      }
      system.clock.advance(HOUR_SECONDS);
    }
    expect(lost).toBeGreaterThanOrEqual(50);
    expect(lost).toBeLessThanOrEqual(60);
  });
});

describe('the whole of it', () => {
  beforeAll(() =>
    system.restart(0, { LIMIT_SMS_GLOBAL: '10/1h', LIMIT_SMS_PREFIX: 'off', LIMIT_SMS_UNVERIFIED: 'off' }),
  );

  it('half is for registrations: when they have used it up, logins go on; alarms at 50, 80 and 100 %', async () => {
    const block = nextBlock();
    const users = [1, 2, 3, 4, 5].map((n) => stranger(numberIn('US', block, n)));
    for (const user of users) await user.joined();
    toNext(HOUR_SECONDS);
    const [before, told] = [
      (await reasonsOf(system, 'sms_budget_threshold')).length,
      alarms(system, 'sms_budget_threshold').length,
    ];
    const answers = await registrations(12, (n) => stranger(numberIn('US', block + 1, n)));
    expect(kinds(answers)).toEqual({ '202': 5, '503 sms_budget_exhausted': 7 });
    const retryAfter = Number(answers[11]?.headers.get('retry-after'));
    expect(retryAfter).toBeGreaterThan(0);
    expect(retryAfter).toBeLessThanOrEqual(HOUR_SECONDS);

    const logins: ChallengeAnswer[] = [];
    for (const user of users) logins.push(await user.login());
    expect(kinds(logins)).toEqual({ '200': 4, '503 sms_budget_exhausted': 1 });
    const shares = (name: string, percents: number[]) => percents.map((percent) => `${name}/3600 ${percent}%`);
    const expected = [...shares('register', [50, 80, 100]), ...shares('login', [50, 80, 100])];
    expect((await reasonsOf(system, 'sms_budget_threshold')).slice(before)).toEqual(expected);
    const lines = alarms(system, 'sms_budget_threshold').slice(told);
    expect(lines.map((line) => (JSON.parse(line) as { scope: string }).scope)).toEqual(expected);

    toNext(HOUR_SECONDS);
    expect((await stranger(numberIn('US', block + 1, 99)).register()).status).toBe(202);
  });

  it('A66: changes of number draw on the half of registrations, so that logins go on', async () => {
    const user = stranger(numberIn('US', nextBlock(), 1));
    toNext(HOUR_SECONDS);
    const { accessToken: token } = await user.joined();
    const block = nextBlock();
    const changes: ChallengeAnswer[] = [];
    for (let n = 0; n < 7; n += 1) {
      changes.push(await user.api.post('/v1/users/me/phone', { phone: numberIn('US', block, n) }, { token }));
    }
    expect(kinds(changes)).toEqual({ '202': 4, '503 sms_budget_exhausted': 3 });
    expect((await user.login()).status).toBe(200);
  });

  it('what somebody does to their own account again and again is told five times a day, and leaves logins to others', async () => {
    await system.restart(0, { LIMIT_SMS_GLOBAL: '40/1h' });
    toNext(HOUR_SECONDS);
    const [busy, other] = [1, 2].map((n) => stranger(numberIn('US', nextBlock(), n))) as [Person, Person];
    const { accessToken: token } = await busy.joined();
    await other.joined();
    const passwords = [busy.password, NEW_PASSWORD] as const;
    for (let n = 0; n < 20; n += 1) {
      const answer = await changePassword(busy.api, token, passwords[n % 2] ?? '', passwords[(n + 1) % 2]);
      expect(answer.status).toBe(204);
    }
    await until(async () => (await reasonsOf(system, 'notice_dropped')).length >= 15, 'the last dropped notice');
    const told = (await system.phone.messages(busy.phone)).filter(({ text }) => /password was changed/.test(text));
    expect(told).toHaveLength(5);
    expect((await other.login()).status).toBe(200);
    system.clock.advance(DAY_SECONDS);
    const { accessToken } = await busy.again();
    const after = await system.phone.newest(busy.phone);
    await changePassword(busy.api, accessToken, busy.password);
    expect((await system.phone.messageFor(busy.phone, { after })).text).toMatch(/password was changed/);
  });

  it('a country has its cap, and money has one', async () => {
    toNext(DAY_SECONDS);
    await system.restart(0, {
      LIMIT_SMS_COUNTRY: '3/1d',
      SMS_PRICES: 'GB=0.5,*=0.25',
      SMS_CURRENCY: 'USD',
      SMS_MONEY_PER_DAY: '4',
    });
    const block = nextBlock();
    expect(kinds(await registrations(5, (n) => stranger(numberIn('US', block, n))))).toEqual({
      '202': 3,
      '503 sms_budget_exhausted': 2,
    });
    // Two a day for registrations, of which three American ones have taken 0.75.
    expect(kinds(await registrations(5, (n) => stranger(numberIn('GB', block, n))))).toEqual({
      '202': 2,
      '503 sms_budget_exhausted': 3,
    });
    expect((await stranger(numberIn('FR', block, 1)).register()).status).toBe(202);
    expect((await stranger(numberIn('FR', block, 2)).register()).status).toBe(503);
  });
});
