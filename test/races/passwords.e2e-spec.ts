// A74: guesses at one password, however many at once and on two instances, cost one each before any is looked at. After the free ones
// each next has to wait, the right one as well. No case depends on how long a burst takes: the delay is fifteen minutes by then.
import { startSystem, type System } from '../support/instance';
import { until } from '../support/patience';
import { PASSWORD, Person, phoneNumbers } from '../support/person';
import {
  burst,
  BUSY,
  databaseErrors,
  LIMITS_OFF,
  numberOf,
  others,
  RACE_TIMEOUT_MS,
  tally,
  undisturbed,
  untilUndisturbed,
} from './burst';

const PARALLEL = 100;
const FREE = 5;
const LONGEST_SECONDS = 15 * 60;
/** So many failures after the free ones the delay has reached its maximum: 2^10 s are more than 15 minutes. */
const DOUBLINGS = 10;

describe('a hundred passwords for one account at the same moment on two instances', () => {
  const nextPhone = phoneNumbers();
  let system: System;
  let owner: Person;

  beforeAll(async () => {
    const env = { ...LIMITS_OFF, LIMIT_PASSWORD_ACCOUNT: `${FREE}/15m` };
    system = await startSystem({ instances: 2, env: { ...env, BCRYPT_CONCURRENCY: '100' } });
    await anew();
  });

  afterAll(() => system.stop());

  /** Nobody has guessed at the password of this owner. */
  async function anew(): Promise<void> {
    owner = new Person(system, nextPhone());
    await owner.joined();
    await system.database.query(`DELETE FROM failure_budgets WHERE key LIKE 'password:%'`);
  }

  const counted = () =>
    numberOf(system, `SELECT coalesce(max(consecutive), 0)::int AS n FROM failure_budgets WHERE key LIKE 'password:%'`);
  /** How often a password was looked at and refused, as the instances tell it. */
  const evaluated = () => system.logs().split('"reason":"wrong or unknown"').length - 1;
  /** @param rightAt the index of the request that carries the right password */
  const guesses = (rightAt?: number) =>
    burst(system, PARALLEL, (api, index) =>
      new Person(system, owner.phone, index === rightAt ? PASSWORD : `wrong-${index}`, api).login(),
    );

  async function evaluatedBecomes(count: number): Promise<void> {
    await until(() => evaluated() >= count, `log line ${count} of its pipe`);
    expect(evaluated()).toBe(count);
  }

  it(
    'A74: of 100 wrong ones five are evaluated, and one more only for each wait that was served',
    () =>
      untilUndisturbed(async () => {
        await anew();
        const looked = evaluated();
        const began = performance.now();
        const answers = await guesses();
        const seconds = (performance.now() - began) / 1000;
        expect(others(answers, ['401 credentials_invalid', ...BUSY])).toEqual([]);
        // Waits of 1, 2, 4 .. s: none for a burst below a second.
        const served = Math.floor(Math.log2(1 + seconds));
        const count = await counted();
        expect(count).toBeLessThanOrEqual(FREE + served);
        if (!undisturbed(answers)) return false;
        expect(count).toBeGreaterThanOrEqual(FREE);
        await evaluatedBecomes(looked + count);
        return true;
      }),
    RACE_TIMEOUT_MS,
  );

  it(
    'A74: while the account is delayed none of 100 is evaluated or counted, the right one in their middle included',
    async () => {
      while ((await counted()) < FREE + DOUBLINGS) {
        system.clock.advance(LONGEST_SECONDS);
        await new Person(system, owner.phone, 'wrong').login();
      }
      const [before, looked] = [await counted(), evaluated()];
      const answers = await guesses(PARALLEL / 2);
      expect(others(answers, ['401 credentials_invalid', ...BUSY])).toEqual([]);
      expect(others([answers[PARALLEL / 2]!], ['401 credentials_invalid', ...BUSY])).toEqual([]);
      expect(await counted()).toBe(before);
      await evaluatedBecomes(Math.max(looked, evaluated()));
      expect(evaluated() - looked).toBeLessThanOrEqual(1); // the line of the last single one may have come late
    },
    RACE_TIMEOUT_MS,
  );

  it(
    'A74: when the wait is over exactly one of 100 wrong ones is evaluated, and fifteen minutes later the right one lets in',
    async () => {
      await untilUndisturbed(async () => {
        system.clock.advance(LONGEST_SECONDS);
        const before = await counted();
        const answers = await guesses();
        expect(others(answers, ['401 credentials_invalid', ...BUSY])).toEqual([]);
        expect((await counted()) - before).toBeLessThanOrEqual(1);
        if (!undisturbed(answers)) return false;
        expect((await counted()) - before).toBe(1);
        return true;
      });
      expect(tally([await owner.login()])).toEqual({ '401 credentials_invalid': 1 });
      system.clock.advance(LONGEST_SECONDS);
      expect((await owner.login()).status).toBe(200);
      expect(await counted()).toBe(0);
    },
    RACE_TIMEOUT_MS,
  );

  it('leaves no deadlock and no failed statement in the logs', () => {
    expect(databaseErrors(system)).toEqual([]);
  });
});
