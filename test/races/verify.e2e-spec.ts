// A02, A03, F14: a thousand answers to one challenge at the same moment, half to each of two instances. What counts is what the
// database recorded: at most five codes were looked at, one right code was accepted once.
import { startSystem, type System } from '../support/instance';
import { phoneNumbers, wrongCodes } from '../support/person';
import {
  burst,
  BUSY,
  databaseErrors,
  events,
  LIMITS_OFF,
  numberOf,
  others,
  pending,
  RACE_TIMEOUT_MS,
  rounds,
  sessionsOf,
  tally,
  undisturbed,
  verifyAt,
} from './burst';

const FULL = process.env['RACE_ROUNDS'] !== undefined;
/** A thousand for one purpose in `npm test`; in test:races for both, and where right and wrong codes are mixed. */
const PARALLEL = { login: 1000, register: FULL ? 1000 : 200 };
const MIXED = FULL ? 1000 : 200;
/** So few that a pool turns none away: their answers must add up. Those of a thousand do so only where the machine has nothing else to do. */
const FEW = 200;
const CONSECUTIVE = 'SELECT coalesce(max(second_factor_consecutive), 0) AS n FROM users WHERE phone = $1';

describe('answers by the hundred to one challenge on two instances', () => {
  const nextPhone = phoneNumbers();
  let system: System;

  beforeAll(async () => {
    system = await startSystem({ instances: 2, env: LIMITS_OFF });
  });

  afterAll(() => system.stop());

  describe.each(['login', 'register'] as const)('%s', (purpose) => {
    const parallel = PARALLEL[purpose];
    // The event of an accepted code.
    const accepted = purpose === 'login' ? 'otp_success' : 'user_created';

    it.each([...new Set([FEW, parallel])])(
      'A02: of %i wrong codes at most five are evaluated, each told another attemptsLeft, and the right one comes too late',
      (count) =>
        rounds(1, async () => {
          const phone = nextPhone();
          const { token, code } = await pending(system, phone, purpose);
          const sessionsBefore = await sessionsOf(system, phone);
          const wrong = wrongCodes(code, count);
          const answers = await burst(system, count, (api, index) => verifyAt(api, token, wrong[index] ?? ''));
          expect(others(answers, ['401 code_invalid', '429 challenge_locked', ...BUSY])).toEqual([]);
          expect(await events(system, phone, 'otp_fail')).toBeLessThanOrEqual(5);
          const left = answers.filter(({ status }) => status === 401).map(({ body }) => body.attemptsLeft);
          // An answer lost to a busy pool may take a number with it, never give one twice.
          expect(new Set(left).size).toBe(left.length);
          const isExact = undisturbed(answers);
          if (isExact) expect(left.sort()).toEqual([0, 1, 2, 3, 4]);
          for (const api of system.apis) {
            expect(tally([await verifyAt(api, token, code)])).toEqual({ '429 challenge_locked': 1 });
          }
          expect(await sessionsOf(system, phone)).toBe(sessionsBefore);
          // Nor does the flood disable the factor of the owner: the account counts what was evaluated.
          expect(await numberOf(system, CONSECUTIVE, [phone])).toBeLessThanOrEqual(5);
          return isExact || count > FEW;
        }),
      RACE_TIMEOUT_MS,
    );

    it(
      `A03: of ${parallel} right codes exactly one is accepted, and makes one session of one user`,
      () =>
        rounds(1, async () => {
          const phone = nextPhone();
          const { token, code } = await pending(system, phone, purpose);
          const [acceptedBefore, sessionsBefore] = [
            await events(system, phone, accepted),
            await sessionsOf(system, phone),
          ];
          const answers = await burst(system, parallel, (api) => verifyAt(api, token, code));
          expect(tally(answers)['200']).toBe(1);
          expect(others(answers, ['200', '401 code_expired', ...BUSY])).toEqual([]);
          expect(await events(system, phone, accepted)).toBe(acceptedBefore + 1);
          expect(await events(system, phone, 'otp_fail')).toBe(0);
          expect(await sessionsOf(system, phone)).toBe(sessionsBefore + 1);
          expect(await numberOf(system, 'SELECT count(*)::int AS n FROM users WHERE phone = $1', [phone])).toBe(1);
          // Answers that found the challenge used are not failures of the person who used it.
          expect(await numberOf(system, CONSECUTIVE, [phone])).toBe(0);
        }),
      RACE_TIMEOUT_MS,
    );

    it(
      `F14: of ${MIXED} codes, half of them right, at most five are evaluated before one at most is accepted`,
      () =>
        rounds(1, async () => {
          const phone = nextPhone();
          const { token, code } = await pending(system, phone, purpose);
          const [acceptedBefore, sessionsBefore] = [
            await events(system, phone, accepted),
            await sessionsOf(system, phone),
          ];
          const wrong = wrongCodes(code, MIXED);
          const answers = await burst(system, MIXED, (api, index) =>
            verifyAt(api, token, Math.floor(index / 2) % 2 === 0 ? (wrong[index] ?? '') : code),
          );
          const won = tally(answers)['200'] ?? 0;
          const end = won === 1 ? ['200', '401 code_expired'] : ['429 challenge_locked'];
          expect(won).toBeLessThanOrEqual(1);
          // A request that waited for the row may see it locked by its own snapshot's failures, never open.
          expect(others(answers, [...end, '401 code_invalid', ...BUSY])).toEqual([]);
          expect(await events(system, phone, 'otp_fail')).toBeLessThanOrEqual(won === 1 ? 4 : 5);
          expect(await events(system, phone, accepted)).toBe(acceptedBefore + won);
          expect(await sessionsOf(system, phone)).toBe(sessionsBefore + won);
        }),
      RACE_TIMEOUT_MS,
    );
  });

  // ASVS 15.4.3
  it('leaves no deadlock and no failed statement in the logs', () => {
    expect(databaseErrors(system)).toEqual([]);
  });
});
