// What strangers can make us spend, and whom they can keep out, with the numbers of security.md 5.4 (A05, A56, A57, A65, A66). Every
// stranger has an address of their own unless the case says so.
import { AddressedClient, BELIEVES_ADDRESSES } from '../../support/addressed-client';
import { startSystem, type System } from '../../support/instance';
import { PASSWORD, Person, type ChallengeAnswer } from '../../support/person';

const HOUR_SECONDS = 3600;
const DAY_SECONDS = 24 * HOUR_SECONDS;
const DEFAULTS = {
  ...BELIEVES_ADDRESSES,
  LIMIT_SMS_DESTINATION: '4/10m,8/1h,12/1d',
  LIMIT_SMS_DESTINATION_ALL: '30/1d',
  LIMIT_SMS_ACCOUNT: '12/1d',
  LIMIT_SMS_ADDRESS: '10/1h',
  LIMIT_SMS_NEW_NUMBERS: '30/1h',
  LIMIT_SMS_PREFIX: '20/1h',
  LIMIT_SMS_UNVERIFIED: '30/1h,50/1d',
  LIMIT_SMS_COUNTRY: '500/1d',
  LIMIT_SMS_GLOBAL: '1000/1h,10000/1d',
  LIMIT_REGISTER_ADDRESS: '10/1h',
};

/** Each a country and its mobile numbers: seven digits are free. */
const COUNTRIES = { US: '+1415', GB: '+44791', DE: '+49151', FR: '+3362', ES: '+3461', IT: '+39320' } as const;
type Country = keyof typeof COUNTRIES;

let system: System;
beforeAll(async () => {
  system = await startSystem({ env: DEFAULTS });
});
afterAll(() => system.stop());
// Every case has its own hours, and a day behind it.
afterEach(() => system.clock.advance(2 * DAY_SECONDS));

let addresses = 0;
const nextAddress = () => {
  addresses += 1;
  return `10.${addresses >> 16}.${(addresses >> 8) & 255}.${addresses & 255}`;
};
const from = (address = nextAddress()) => new AddressedClient(system.api.url, address);
const stranger = (phone: string, address?: string) => new Person(system, phone, PASSWORD, from(address));

let blocks = 2000;
/** A number of the n-th of ten thousand in a block of numbers that no other case uses; three digits of the country are its own. */
const numberIn = (country: Country, block: number, n: number) => {
  const digits = { US: 7, GB: 7, DE: 8, FR: 7, ES: 7, IT: 7 }[country];
  return `${COUNTRIES[country]}${String(block)
    .padStart(digits - 4, '0')
    .slice(0, digits - 4)}${String(n).padStart(4, '0')}`;
};
const nextBlock = () => {
  blocks += 1;
  return 200 + (blocks % 700);
};

/** To the beginning of the next window of spend. */
const toNext = (seconds: number) =>
  system.clock.advance(seconds - (Math.floor(system.clock.now().getTime() / 1000) % seconds) + 1);

const kinds = (answers: readonly ChallengeAnswer[]) => {
  const counts: Record<string, number> = {};
  for (const { status, body } of answers) {
    const kind = body.code === undefined ? String(status) : `${status} ${body.code}`;
    counts[kind] = (counts[kind] ?? 0) + 1;
  }
  return counts;
};

/** One after the other: registers the n-th person. */
async function registrations(count: number, person: (n: number) => Person): Promise<ChallengeAnswer[]> {
  const answers: ChallengeAnswer[] = [];
  for (let n = 0; n < count; n += 1) answers.push(await person(n).register());
  return answers;
}

async function audited(event: string): Promise<string[]> {
  const { rows } = await system.database.query<{ reason: string }>(
    'SELECT reason FROM audit_log WHERE event = $1 ORDER BY at',
    [event],
  );
  return rows.map(({ reason }) => reason);
}

const alarms = (name: string) =>
  system
    .logs()
    .split('\n')
    .filter((line) => line.includes('"event":"alarm"') && line.includes(`"name":"${name}"`));

describe('one number', () => {
  it('A56: from twenty addresses a number gets 4 messages in 10 minutes, 8 in an hour, 12 in a day', async () => {
    const phone = numberIn('US', nextBlock(), 1);
    const taken = async (count = 5) => kinds(await registrations(count, () => stranger(phone)))['202'] ?? 0;
    expect(await taken(20)).toBe(4);
    expect(await taken()).toBe(0);
    let hour = 4;
    for (let round = 0; round < 5; round += 1) {
      system.clock.advance(601);
      hour += await taken();
    }
    expect(hour).toBe(8);
    let day = hour;
    for (let round = 0; round < 6; round += 1) {
      system.clock.advance(HOUR_SECONDS);
      day += await taken();
    }
    expect(day).toBe(12);
  });
});

describe('one number of somebody', () => {
  it('A65: registrations and resets of others, from ten addresses, share its four messages in 10 minutes; its owner logs in', async () => {
    const owner = stranger(numberIn('US', nextBlock(), 1));
    await owner.joined();
    system.clock.advance(DAY_SECONDS);
    const before = (await system.phone.messages(owner.phone)).length;
    for (let n = 0; n < 10; n += 1) {
      const other = stranger(owner.phone);
      await other.register();
      expect((await other.api.post('/v1/auth/password/forgot', { identifier: owner.phone })).status).toBe(202);
    }
    const { status, body } = await owner.login();
    expect(status).toBe(200);
    // Once the owner's code is out, so is what was asked for before it.
    await owner.statusWhen(body.challengeToken, ({ delivery }) => delivery === 'sent');
    expect((await system.phone.messages(owner.phone)).length - before).toBeLessThanOrEqual(4 + 1);
    const { rows } = await system.database.query<{ n: number }>(
      `SELECT cardinality(array_agg(s.at) FILTER (WHERE NOT c.decoy))::int AS n FROM otp_attempts c, unnest(c.sends) s(at)
        WHERE c.phone = $1 AND c.purpose <> 'login' AND c.created_at > $2`,
      [owner.phone, new Date(system.clock.now().getTime() - 600_000)],
    );
    expect(rows[0]?.n ?? 0).toBeLessThanOrEqual(4);
  });
});

describe('one address', () => {
  it('A57: a hundred numbers from one address: ten messages in an hour, the rest is 429 without one', async () => {
    const [address, block] = [nextAddress(), nextBlock()];
    const answers = await registrations(100, (n) => stranger(numberIn('US', block + (n % 9), n), address));
    expect(kinds(answers)).toEqual({ '202': 10, '429 rate_limited': 90 });
    expect(Number(answers[50]?.headers.get('retry-after'))).toBeGreaterThan(HOUR_SECONDS - 60);
    const { rows } = await system.database.query(`SELECT 1 FROM otp_attempts WHERE phone LIKE '+1415' || $1 || '%'`, [
      block,
    ]);
    expect(rows.length).toBeLessThanOrEqual(10);
  });

  it('A57: all addresses of one IPv6 /64 are one', async () => {
    const block = nextBlock();
    const answers = await registrations(15, (n) => stranger(numberIn('US', block, n), `2001:db8:7:7::${n + 1}`));
    expect(kinds(answers)['202']).toBe(10);
    expect((await stranger(numberIn('US', block, 99), '2001:db8:7:8::1').register()).status).toBe(202);
  });

  it('forty people behind one address who enter their codes are all served within the hour', async () => {
    const [address, block] = [nextAddress(), nextBlock()];
    for (let n = 0; n < 40; n += 1) await stranger(numberIn('US', block, n), address).joined();
  });
});

describe('one prefix', () => {
  it('A66: 60 consecutive numbers from 60 addresses: 20 messages, then an hour of nothing for that prefix alone', async () => {
    const [block, other] = [nextBlock(), nextBlock()];
    const user = stranger(numberIn('GB', block, 1));
    await user.joined();
    system.clock.advance(DAY_SECONDS);
    const answers = await registrations(60, (n) => stranger(numberIn('GB', block, 100 + n)));
    expect(kinds(answers)).toEqual({ '202': 20, '503 sms_budget_exhausted': 40 });
    expect(Number(answers[59]?.headers.get('retry-after'))).toBeGreaterThan(HOUR_SECONDS - 60);
    const prefix = numberIn('GB', block, 0).slice(1, -4);
    expect(await audited('sms_breaker_opened')).toContain(`prefix:${prefix}`);
    expect(alarms('sms_guard_closed').filter((line) => line.includes(prefix))).toHaveLength(1);

    expect((await stranger(numberIn('GB', other, 1)).register()).status).toBe(202);
    expect((await user.login()).status).toBe(200);
    system.clock.advance(HOUR_SECONDS - 120);
    expect((await stranger(numberIn('GB', block, 500)).register()).status).toBe(503);
    system.clock.advance(180);
    expect((await stranger(numberIn('GB', block, 501)).register()).status).toBe(202);
  });

  it('codes that are entered open it again', async () => {
    const block = nextBlock();
    const pending: { person: Person; token: string; code: string }[] = [];
    for (let n = 0; n < 20; n += 1) {
      const person = stranger(numberIn('FR', block, n));
      pending.push({ person, ...(await person.challenged('register')) });
    }
    expect((await stranger(numberIn('FR', block, 99)).register()).body.code).toBe('sms_budget_exhausted');
    const [first] = pending;
    if (first === undefined) throw new Error('nobody');
    expect((await first.person.verify(first.token, first.code)).status).toBe(200);
    expect((await stranger(numberIn('FR', block, 99)).register()).status).toBe(202);
    expect((await stranger(numberIn('FR', block, 98)).register()).status).toBe(503);
  });

  it('A66: a resend counts as well', async () => {
    const block = nextBlock();
    const person = stranger(numberIn('ES', block, 1));
    const { token } = await person.challenged('register');
    expect(kinds(await registrations(19, (n) => stranger(numberIn('ES', block, 100 + n))))).toEqual({ '202': 19 });
    system.clock.advance(31);
    const resent = await person.resend(token);
    expect([resent.status, resent.body.code]).toEqual([503, 'sms_budget_exhausted']);
    expect((await person.status(token)).state).toBe('pending');
  });
});

describe('one country', () => {
  it('A66: an attack over many prefixes loses 30 messages, then the country takes no strangers for an hour; others and logins do', async () => {
    const user = stranger(numberIn('DE', nextBlock(), 1));
    await user.joined();
    system.clock.advance(DAY_SECONDS);
    const answers = await registrations(50, (n) => stranger(numberIn('DE', 100 + n, 7)));
    expect(kinds(answers)).toEqual({ '202': 30, '503 sms_budget_exhausted': 20 });
    expect(await audited('sms_breaker_opened')).toContain('country:DE');
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
    const [before, told] = [(await audited('sms_budget_threshold')).length, alarms('sms_budget_threshold').length];
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
    expect((await audited('sms_budget_threshold')).slice(before)).toEqual(expected);
    const lines = alarms('sms_budget_threshold').slice(told);
    expect(lines.map((line) => (JSON.parse(line) as { scope: string }).scope)).toEqual(expected);

    toNext(HOUR_SECONDS);
    expect((await stranger(numberIn('US', block + 1, 99)).register()).status).toBe(202);
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
