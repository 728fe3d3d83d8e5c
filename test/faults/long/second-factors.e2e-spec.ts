// N5, N9, N11: a process that is killed while people enrol, end or use their second factors. What was answered holds afterwards, what
// was not is there whole or not at all. And F20: no fault gives a guess back, or uses a code up for nothing.
import { setTimeout as sleep } from 'node:timers/promises';
import type { ApiAnswer } from '../../support/api-client';
import { chanceOf } from '../../support/chance';
import { kind } from '../../support/credentials';
import { byRecoveryCode, loginToken, makeRecoveryCodes, recoveryCodes } from '../../support/factors';
import { startSystem, type System } from '../../support/instance';
import { limitsOff } from '../../support/limits';
import { brokenRules } from '../../support/ledger';
import { Person, phoneNumbers } from '../../support/person';
import { AuthenticatorApp, confirm, enrol, remove } from '../../support/totp';

const KILLS = Number(process.env['FAULT_ROUNDS'] ?? 1);
/** The five requests are through within so much: a kill at a moment of it meets each in another state. */
const SPREAD_MILLISECONDS = 25;
const chance = chanceOf('second factors');
const nextPhone = phoneNumbers();
let system: System;

beforeAll(async () => {
  system = await startSystem({
    env: { ...limitsOff('LIMIT_UNAUTHENTICATED', 'LIMIT_FACTOR_ADDRESS'), JWT_ISSUER: 'https://id.example' },
  });
});
afterAll(() => system.stop());

async function newPerson() {
  const person = new Person(system, nextPhone());
  return { person, token: (await person.joined()).accessToken };
}

async function withApp() {
  const { person, token } = await newPerson();
  return { person, token, app: await AuthenticatorApp.enrolled(person, token) };
}

/** The same person, asking the instance that runs now. */
const now = ({ phone }: Person) => new Person(system, phone);
const methodsOf = async (person: Person) => (await now(person).login()).body.methods;
/** undefined: no answer came. */
const answered = <T>(work: Promise<ApiAnswer<T>>) => work.catch(() => undefined);

/** Each begins at once, and looks afterwards whether what was answered is so. */
async function prepared(): Promise<(() => Promise<() => Promise<void>>)[]> {
  const [enrolling, ending, signing, making, recovering] = [
    await newPerson(),
    await withApp(),
    await withApp(),
    await newPerson(),
    await newPerson(),
  ];
  const { secret } = (await enrol(enrolling.person, enrolling.token)).body;
  const app = new AuthenticatorApp(enrolling.person, secret);
  const codes = await recoveryCodes(recovering.person, recovering.token);
  const [byAppToken, byCodeToken] = [await loginToken(signing.person), await loginToken(recovering.person)];
  return [
    async () => {
      const answer = await answered(confirm(enrolling.person, enrolling.token, app.code()));
      return async () => {
        const methods = await methodsOf(enrolling.person);
        if (answer?.status === 204) expect(methods).toEqual(['totp', 'sms']);
      };
    },
    async () => {
      const answer = await answered(remove(ending.person, ending.token));
      return async () => {
        const methods = await methodsOf(ending.person);
        if (answer?.status === 204) expect(methods).toEqual(['sms']);
      };
    },
    async () => {
      const code = signing.app.code();
      const answer = await answered(signing.person.verify(byAppToken, code, { method: 'totp' }));
      return async () => {
        const again = await now(signing.person).verify(await loginToken(now(signing.person)), code, { method: 'totp' });
        if (answer?.status === 200) expect(kind(again)).toBe('401 code_invalid');
      };
    },
    async () => {
      const answer = await answered(makeRecoveryCodes(making.person, making.token));
      return async () => {
        if (answer?.status !== 201) return;
        const token = await loginToken(now(making.person));
        expect(kind(await byRecoveryCode(now(making.person), token, answer.body.codes[9] ?? ''))).toBe('200');
      };
    },
    async () => {
      const answer = await answered(byRecoveryCode(recovering.person, byCodeToken, codes[0] ?? ''));
      return async () => {
        const again = await byRecoveryCode(
          now(recovering.person),
          await loginToken(now(recovering.person)),
          codes[0] ?? '',
        );
        if (answer?.status === 200) expect(kind(again)).toBe('401 code_invalid');
      };
    },
  ];
}

it(
  'N5, N9, N11: killed at any moment, what was answered holds, and account, factors and record agree',
  async () => {
    for (let kill = 1; kill <= KILLS; kill += 1) {
      const actions = await prepared();
      const running = actions.map((begin) => begin());
      await sleep(chance() * SPREAD_MILLISECONDS);
      await system.kill(0, 'SIGKILL');
      const checks = await Promise.all(running);
      expect(await brokenRules(system.database)).toEqual({});
      await system.restart(0);
      system.clock.advance(31);
      for (const check of checks) await check();
      expect(await brokenRules(system.database)).toEqual({});
    }
  },
  60_000 + KILLS * 20_000,
);

it('F20: a code that met a locked account is answered 503 and counted, right or wrong, and is not used up', async () => {
  const { person, token: access, app } = await withApp();
  const [code] = await recoveryCodes(person, access);
  const token = await loginToken(person);
  const client = await system.database.connect();
  try {
    await client.query('BEGIN');
    await client.query('SELECT FROM users WHERE phone = $1 FOR UPDATE', [person.phone]);
    const answers = await Promise.all([
      person.verify(token, app.code(), { method: 'totp' }),
      person.verify(token, app.wrong(), { method: 'totp' }),
      byRecoveryCode(person, token, code ?? ''),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([503, 503, 503]);
  } finally {
    await client.query('ROLLBACK');
    client.release();
  }
  expect((await person.status(token)).attemptsLeft).toBe(2);
  expect(kind(await person.verify(token, app.code(), { method: 'totp' }))).toBe('200');
  expect(kind(await byRecoveryCode(person, await loginToken(person), code ?? ''))).toBe('200');
});
