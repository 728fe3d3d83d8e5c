// A23, F15: many requests for a code at the same moment on two instances. The phone gets what one request would have sent, counters
// are exact, and nobody sees an error of ours.
import { until } from '../support/patience';
import { jobsLeft } from '../support/queue';
import type { ProblemBody } from '../support/api-client';
import { startSystem, type System } from '../support/instance';
import { PASSWORD, Person, phoneNumbers, type ChallengeAnswer } from '../support/person';
import {
  burst,
  BUSY,
  databaseErrors,
  LIMITS_OFF,
  numberOf,
  others,
  RACE_TIMEOUT_MS,
  rounds,
  tally,
  undisturbed,
  verifyAt,
} from './burst';

/** Fewer than the eleven turns that a code's time has room for. */
const DESTINATION_LIMIT = 8;
const COOLDOWN_SECONDS = 31;

describe('many requests for a code at the same moment on two instances', () => {
  const nextPhone = phoneNumbers();
  let system: System;

  beforeAll(async () => {
    const env = { ...LIMITS_OFF, LIMIT_SMS_DESTINATION: `${DESTINATION_LIMIT}/1h`, BCRYPT_CONCURRENCY: '100' };
    system = await startSystem({ instances: 2, env });
  });

  afterAll(() => system.stop());

  /** Waits until no job for this phone is left, then counts its messages. */
  async function messagesOnce(phone: string): Promise<number> {
    await until(async () => (await jobsLeft(system, 'run_at <= now()')) === 0, 'the last of what is due');
    return (await system.phone.messages(phone)).length;
  }

  it.each(['login', 'register'] as const)(
    'A23: 100 parallel resends of one %s challenge send one message',
    (purpose) =>
      rounds(2, async () => {
        const phone = nextPhone();
        const person = new Person(system, phone);
        if (purpose === 'login') await person.joined();
        const { token, code } = await person.challenged(purpose);
        const before = await messagesOnce(phone);
        system.clock.advance(COOLDOWN_SECONDS);
        const answers = await burst(system, 100, (api) =>
          api.post<ChallengeAnswer['body']>('/v1/auth/otp/resend', { challengeToken: token }),
        );
        expect(tally(answers)['202']).toBe(1);
        expect(others(answers, ['202', '429 rate_limited', ...BUSY])).toEqual([]);
        expect(await messagesOnce(phone)).toBe(before + 1);
        // The same code again (A20), still good.
        expect(await system.phone.codeFor(phone)).toBe(code);
        expect((await verifyAt(system.api, token, code)).status).toBe(200);
      }),
    RACE_TIMEOUT_MS,
  );

  it(
    'F15: of 200 parallel registrations of one number as many are taken as the number may get messages, and no more',
    () =>
      rounds(1, async () => {
        const phone = nextPhone();
        const answers = await burst(system, 200, (api) => new Person(system, phone, PASSWORD, api).register());
        expect(others(answers, ['202', '429 rate_limited', ...BUSY])).toEqual([]);
        const taken = tally(answers)['202'] ?? 0;
        expect(taken).toBeLessThanOrEqual(DESTINATION_LIMIT);
        const isExact = undisturbed(answers);
        if (isExact) expect(taken).toBe(DESTINATION_LIMIT);
        for (const table of ['registrations', 'otp_attempts']) {
          const sql = `SELECT count(*)::int AS n FROM ${table} WHERE phone = $1`;
          expect(await numberOf(system, sql, [phone])).toBe(taken);
        }
        // Their messages take turns, one per cooldown: one at once, none at the same moment (5.2).
        const turns = `SELECT count(DISTINCT sends[1])::int AS n FROM otp_attempts WHERE phone = $1`;
        expect(await numberOf(system, turns, [phone])).toBe(taken);
        expect(await messagesOnce(phone)).toBe(1);
        return isExact;
      }),
    RACE_TIMEOUT_MS,
  );

  it(
    'twenty parallel logins of one person leave one live challenge, and the refused ones leave it alone',
    () =>
      rounds(5, async () => {
        const phone = nextPhone();
        await new Person(system, phone).joined();
        const before = await messagesOnce(phone);
        const answers = await burst(system, 20, (api) => new Person(system, phone, PASSWORD, api).login());
        expect(tally(answers)['200']).toBe(1);
        expect(others(answers, ['200', '429 rate_limited', ...BUSY])).toEqual([]);
        const live = `SELECT count(*)::int AS n FROM otp_attempts
                       WHERE phone = $1 AND purpose = 'login' AND consumed_at IS NULL AND revoked_at IS NULL`;
        expect(await numberOf(system, live, [phone])).toBe(1);
        expect(await messagesOnce(phone)).toBe(before + 1);
        const granted = answers.find(({ status }) => status === 200)?.body.challengeToken ?? '';
        expect((await verifyAt(system.api, granted, await system.phone.codeFor(phone))).status).toBe(200);
      }),
    RACE_TIMEOUT_MS,
  );

  it('leaves no deadlock and no failed statement in the logs', () => {
    expect(databaseErrors(system)).toEqual([]);
  });

  describe('with budgets', () => {
    const CAP = 40;
    // Asked for by a client app: no password is hashed, so that the statements meet.
    const phones = Array.from({ length: 120 }, (_, n) => `+49151${1000 + n}0007`);

    const charged = (scope: string) =>
      numberOf(system, 'SELECT coalesce(sum(n), 0)::int AS n FROM spend_windows WHERE scope = $1', [scope]);
    const sent = () => numberOf(system, `SELECT count(*)::int AS n FROM otp_attempts WHERE phone LIKE '+49151%'`);
    const destinations = () =>
      numberOf(
        system,
        `SELECT count(*)::int AS n FROM rate_limits WHERE key LIKE 'sms:to:%' AND cardinality(hits) > 0`,
      );

    it.each([
      ['the share of registrations', { LIMIT_SMS_GLOBAL: `${2 * CAP}/1d` }],
      ['the unverified of a country', { LIMIT_SMS_UNVERIFIED: `${CAP}/1h`, LIMIT_SMS_GLOBAL: '2000/1d' }],
    ])(
      `A66: of ${phones.length} parallel messages at the cap of %s exactly ${CAP} are sent, and the others charge nothing`,
      (_, limits) =>
        rounds(1, async () => {
          await system.database.query('TRUNCATE otp_attempts, rate_limits, spend_windows, unverified_sends');
          const env = { LIMIT_SMS_DESTINATION: '4/10m', ...limits };
          await Promise.all([0, 1].map((instance) => system.restart(instance, env)));
          const headers = { authorization: `Bearer ${system.adminKey}` };
          const answers = await burst(system, phones.length, (api, n) =>
            api.post<Partial<ProblemBody>>('/v1/phone-verifications', { phone: phones[n] }, { headers }),
          );
          expect(others(answers, ['201', '429 rate_limited', '503 sms_budget_exhausted', ...BUSY])).toEqual([]);
          const taken = tally(answers)['201'] ?? 0;
          expect(taken).toBeLessThanOrEqual(CAP);
          // Whoever was refused found the cap reached, whatever a busy pool answered to others.
          const isExact = (tally(answers)['503 sms_budget_exhausted'] ?? 0) > 0;
          if (isExact) expect(taken).toBe(CAP);
          expect(await sent()).toBe(taken);
          expect(await destinations()).toBe(taken);
          expect(await charged('register/86400')).toBe(taken);
          expect(databaseErrors(system)).toEqual([]);
          return isExact;
        }),
      RACE_TIMEOUT_MS,
    );
  });
});
