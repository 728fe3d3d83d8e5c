// What strangers can make us spend, number by number, address by address, prefix by prefix, and whom they can keep out, with the numbers of
// security.md 5.4 (A56, A57, A65, A66). Every stranger has an address of their own unless the case says so.
import { scraped, sumOf } from '../../support/exposition';
import type { ApiClient } from '../../support/api-client';
import { startSystem, type System } from '../../support/instance';
import { Operator } from '../../support/operator';
import type { ChallengeAnswer, Person } from '../../support/person';
import { beginRebind } from '../../support/rebinds';
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

async function signedIn(person: Person): Promise<{ api: ApiClient; token: string }> {
  return { api: person.api, token: (await person.joined()).accessToken };
}

const moved = (api: ApiClient, token: string, phone: string): Promise<ChallengeAnswer> =>
  api.post('/v1/users/me/phone', { phone }, { token });

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
    expect((await system.phone.messages(phone)).length).toBeLessThanOrEqual(12);
  });

  it('A65: registrations, resends and phone changes of others share its four messages in 10 minutes', async () => {
    const phone = numberIn('US', nextBlock(), 1);
    const movers: Person[] = [];
    for (let n = 0; n < 3; n += 1) movers.push(stranger(numberIn('GB', nextBlock(), 1)));
    const sessions = await Promise.all(movers.map((mover) => mover.joined()));
    const first = await stranger(phone).register();
    let taken = kinds([first])['202'] ?? 0;
    for (const [index, { api }] of movers.entries()) {
      system.clock.advance(31);
      const { accessToken: token } = sessions[index] ?? { accessToken: '' };
      const change = await moved(api, token, phone);
      const resent = await stranger(phone).resend(first.body.challengeToken);
      const another = await stranger(phone).register();
      taken += [change, resent, another].filter(({ status }) => status === 202).length;
    }
    expect(taken).toBe(4);
    expect((await system.phone.messages(phone)).length).toBeLessThanOrEqual(4);
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

  it('A57: whoever is signed in there gets no more for changes of number, nor for an account that is deleted and made anew', async () => {
    const person = stranger(numberIn('US', nextBlock(), 1));
    const { api, token } = await signedIn(person);
    const answers: ChallengeAnswer[] = [];
    for (let n = 0; n < 12; n += 1) answers.push(await moved(api, token, numberIn('GB', nextBlock(), n)));
    expect(kinds(answers)).toEqual({ '202': 10, '429 rate_limited': 2 });
    expect((await api.request('DELETE', '/v1/users/me', undefined, { token })).status).toBe(204);
    system.clock.advance(31);
    expect(kinds([await person.register()])).toEqual({ '429 rate_limited': 1 });
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
    expect(await reasonsOf(system, 'sms_breaker_opened')).toContain(`prefix:${prefix}`);
    const raised = alarms(system, 'sms_guard_closed');
    expect(raised.filter((line) => line.includes(prefix))).toHaveLength(1);
    const told = await scraped(system);
    expect(sumOf(told, 'latchkey_alarms_total', { name: 'sms_guard_closed' })).toBe(raised.length);
    expect(sumOf(told, 'latchkey_sms_guard_closed', { kind: 'prefix' })).toBe(1);

    expect((await stranger(numberIn('GB', other, 1)).register()).status).toBe(202);
    expect((await user.login()).status).toBe(200);
    system.clock.advance(HOUR_SECONDS - 120);
    expect((await stranger(numberIn('GB', block, 500)).register()).status).toBe(503);
    system.clock.advance(180);
    expect((await stranger(numberIn('GB', block, 501)).register()).status).toBe(202);
  });

  it('A66: changes of number of people who are signed in are held against it as well', async () => {
    const block = nextBlock();
    const answers: ChallengeAnswer[] = [];
    for (let mover = 0; mover < 3; mover += 1) {
      const { api, token } = await signedIn(stranger(numberIn('US', nextBlock(), 1)));
      for (let n = 0; n < 8; n += 1) answers.push(await moved(api, token, numberIn('DE', block, mover * 10 + n)));
    }
    expect(kinds(answers)).toEqual({ '202': 20, '503 sms_budget_exhausted': 4 });
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

describe('a day of a number, of an account, and new numbers of an address', () => {
  beforeAll(() =>
    system.restart(0, {
      LIMIT_SMS_DESTINATION_ALL: '5/1d',
      LIMIT_SMS_ACCOUNT: '6/1d',
      LIMIT_SMS_NEW_NUMBERS: '3/1h',
      LIMIT_SMS_ADDRESS: '50/1h',
    }),
  );

  const untilTomorrow = (answer: ChallengeAnswer) => {
    expect([answer.status, answer.body.code]).toEqual([429, 'rate_limited']);
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(DAY_SECONDS - 600);
  };

  it('codes that were entered count as well, and resends: five messages in a day to a number, six for an account, besides what an operator asks for', async () => {
    const person = stranger(numberIn('US', nextBlock(), 1));
    const { accessToken: token, user } = await person.joined();
    for (let login = 0; login < 2; login += 1) await person.again();
    const third = await person.challenged('login');
    system.clock.advance(31);
    expect((await person.resend(third.token)).status).toBe(202);
    expect((await person.verify(third.token, third.code)).status).toBe(200);
    untilTomorrow(await person.login());
    const move = () => moved(person.api, token, numberIn('GB', nextBlock(), 1));
    expect([(await move()).status, (await move()).status]).toEqual([202, 202]);
    untilTomorrow(await move());
    const begun = await beginRebind(new Operator(system), String(user['id']), numberIn('DE', nextBlock(), 1));
    system.clock.advance(31);
    expect((await person.resend(begun.token)).status).toBe(202);
  });

  it('A57: a fourth new number of an address is refused, a second message to one of three is not; a code entered makes room', async () => {
    const [address, block] = [nextAddress(), nextBlock()];
    const there = (n: number) => stranger(numberIn('US', block, n), address);
    const first = await there(1).challenged('register');
    expect(kinds(await registrations(2, (n) => there(2 + n)))).toEqual({ '202': 2 });
    expect(kinds(await registrations(1, () => there(9)))).toEqual({ '429 rate_limited': 1 });
    system.clock.advance(31);
    expect((await there(1).resend(first.token)).status).toBe(202);
    expect((await there(1).verify(first.token, first.code)).status).toBe(200);
    expect((await there(9).register()).status).toBe(202);
  });
});
