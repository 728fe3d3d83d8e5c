// What a message costs beyond a text of one segment: a call, a language of two segments, a notice (A66, ADR 30). Strangers spend no more than the
// money that there is for them, and learn nothing from it (A55).
import { startSystem, type System } from '../../support/instance';
import type { Person } from '../../support/person';
import { allRun } from '../../support/queue';
import { nextBlock, numberIn, SPEND_LIMITS, strangerTo } from '../../support/strangers';

describe('money that a message costs beyond a text of one segment', () => {
  const OF_TWO_SEGMENTS = { OTP_ORIGIN: 'accounts.company.example' };

  /** Strangers who each register and have the message that costs most. @returns what is on record of it, in dollars */
  async function spent(provider: string, prices: string, most: (person: Person) => Promise<void>): Promise<number> {
    const env = {
      ...SPEND_LIMITS,
      SMS_PRICES: prices,
      SMS_CURRENCY: 'USD',
      SMS_MONEY_PER_DAY: '4',
      ...OF_TWO_SEGMENTS,
    };
    const priced = await startSystem({ provider, env });
    try {
      for (let n = 0; n < 12; n += 1) await most(strangerTo(priced, numberIn('US', nextBlock(), n)));
      const sum = 'SELECT sum(expected_price)::float8 AS dollars FROM sms_deliveries';
      return (await priced.database.query<{ dollars: number }>(sum)).rows[0]?.dollars ?? 0;
    } finally {
      await priced.stop();
    }
  }

  // Half of the money is for registrations; the message that ends it may go over.
  it('calls cost what calls cost, not what texts do', async () => {
    const dollars = await spent('telnyx,telnyx-verify', '*=0.2,telnyx-verify/voice:*=0.8', async (person) => {
      const after = await person.system.phone.newest(person.phone);
      const { status, body } = await person.register();
      if (status !== 202) return;
      await person.codeOf(body.challengeToken, after);
      person.system.clock.advance(31);
      const call = await person.resend(body.challengeToken, 'voice');
      if (call.status === 202) await person.statusWhen(body.challengeToken, ({ delivery }) => delivery === 'sent');
    });
    expect(dollars).toBeGreaterThan(1.5);
    expect(dollars).toBeLessThan(2.9);
  });

  it('every segment counts, in whatever language a stranger asks to be written to', async () => {
    const dollars = await spent('telnyx', '*=0.2', async (person) => {
      const { status, body } = await person.register({ locale: 'hi' });
      if (status === 202) await person.codeOf(body.challengeToken);
    });
    expect(dollars).toBeGreaterThan(1.5);
    expect(dollars).toBeLessThan(2.5);
  });

  it('a notice to the owner of a taken number counts with every segment, as the code would that it goes instead of', async () => {
    const prices = { SMS_PRICES: '*=0.2', SMS_CURRENCY: 'USD', SMS_MONEY_PER_DAY: '1000' };
    const priced = await startSystem({ provider: 'telnyx', env: prices });
    const sumOf = async (sum: string) =>
      (await priced.database.query<{ n: number }>(`SELECT (SELECT ${sum})::int AS n`)).rows[0]?.n;
    try {
      const owner = strangerTo(priced, numberIn('US', nextBlock(), 1));
      await owner.joined({ locale: 'hi' });
      priced.clock.advance(120);
      const { body } = await owner.register();
      await owner.statusWhen(body.challengeToken, ({ delivery }) => delivery === 'sent');
      await allRun(priced);
      expect(await sumOf(`sum(segments) FROM sms_deliveries`)).toBe(3);
      expect(await sumOf(`sum(n) FROM spend_windows WHERE scope LIKE 'money:register/%'`)).toBe(6000);
    } finally {
      await priced.stop();
    }
  });

  describe('and nobody learns from the money whether a number is taken, or where its codes are closed (A55)', () => {
    const money = async (priced: System, share: string) => {
      await allRun(priced);
      const sum = `SELECT coalesce(sum(n), 0)::int AS n FROM spend_windows WHERE scope LIKE 'money:' || $1 || '/%'`;
      return (await priced.database.query<{ n: number }>(sum, [share])).rows[0]?.n ?? 0;
    };
    const asks = async (person: Person, share: string, ask: () => Promise<void>) => {
      const before = await money(person.system, share);
      await ask();
      return (await money(person.system, share)) - before;
    };
    const segmentsOfNotice = async ({ phone }: Person) => {
      const sum = `SELECT sum(segments)::int AS n FROM sms_deliveries WHERE source = 'notice_instead' AND phone_masked LIKE '%' || right($1, 4)`;
      return (await priced.database.query<{ n: number }>(sum, [phone])).rows[0]?.n ?? 0;
    };
    const prices = { SMS_PRICES: '*=0.2,telnyx-verify/voice:*=0.8', SMS_CURRENCY: 'USD', SMS_MONEY_PER_DAY: '1000' };
    let priced: System;
    beforeAll(async () => {
      priced = await startSystem({ provider: 'telnyx,telnyx-verify', env: { ...prices, ...OF_TWO_SEGMENTS } });
    });
    afterAll(() => priced.stop());

    it('of a registration, in whatever language, by message and by call', async () => {
      const taken = strangerTo(priced, numberIn('US', nextBlock(), 1));
      await taken.joined();
      priced.clock.advance(120);
      await taken.register();
      for (const [locale, textAndCall] of [
        ['en', 10_000],
        ['hi', 12_000],
      ] as const) {
        const costs: number[] = [];
        for (const person of [strangerTo(priced, numberIn('US', nextBlock(), 1)), taken]) {
          priced.clock.advance(31);
          const register = async () => {
            const { body } = await person.register({ locale });
            await person.statusWhen(body.challengeToken, ({ delivery }) => delivery === 'sent');
            priced.clock.advance(31);
            expect((await person.resend(body.challengeToken, 'voice')).status).toBe(202);
            await person.statusWhen(body.challengeToken, ({ delivery }) => delivery === 'sent');
          };
          costs.push(await asks(person, 'register', register));
        }
        expect([locale, ...costs]).toEqual([locale, textAndCall, textAndCall]);
      }
    });

    it('A66: of a login, while the codes of the account are closed: as before, and its owner is told at no further cost but what the notice is longer', async () => {
      const user = strangerTo(priced, numberIn('US', nextBlock(), 2));
      await user.joined({ locale: 'hi' });
      const login = async () => {
        priced.clock.advance(31);
        const { body } = await user.login();
        await user.statusWhen(body.challengeToken, ({ delivery }) => delivery === 'sent');
      };
      const open = await asks(user, 'login', login);
      await user.alter('second_factor_consecutive = 100');
      const told = await asks(user, 'login', login);
      expect(await asks(user, 'login', login)).toBe(open);
      expect(told).toBe(Math.max(open, 2000 * (await segmentsOfNotice(user))));
    });

    it('A66: nor of a login that an app is to answer: such costs nothing, and what its owner is told once a day costs what it is', async () => {
      const user = strangerTo(priced, numberIn('US', nextBlock(), 3));
      await user.joined({ locale: 'hi' });
      await user.alter('totp_enabled = true');
      const login = async () => {
        expect((await user.login()).status).toBe(200);
      };
      expect(await asks(user, 'login', login)).toBe(0);
      await user.alter('second_factor_consecutive = 100');
      const told = await asks(user, 'login', login);
      expect(told).toBe(2000 * (await segmentsOfNotice(user)));
      expect(told).toBeGreaterThan(2000);
      expect(await asks(user, 'login', login)).toBe(0);
    });
  });
});
