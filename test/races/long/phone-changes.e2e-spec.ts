// N8, A69 under races: a number that several prove at the same moment, on two instances, has one owner.
import type { ApiClient, ProblemBody, TokensBody } from '../../support/api-client';
import { refreshAt, withCode } from '../../support/credentials';
import { startSystem, type System } from '../../support/instance';
import { whileHeld } from '../../support/locks';
import { newcomer, Person, phoneNumbers } from '../../support/person';
import { endAt, sessionIdOf } from '../../support/sessions';
import {
  databaseErrors,
  LIMITS_OFF,
  numberOf,
  RACE_TIMEOUT_MS,
  rounds,
  tally,
  untilMet,
  untilWaiting,
  verifyAt,
} from '../burst';

const nextPhone = phoneNumbers();
let system: System;
let here: ApiClient;
let there: ApiClient;

beforeAll(async () => {
  // The second code to a number follows after a second, not after thirty.
  system = await startSystem({
    instances: 2,
    env: { ...LIMITS_OFF, OTP_RESEND_SECONDS: '1', JWT_ISSUER: 'https://id.example' },
  });
  [here, there] = system.both;
});
afterAll(() => system.stop());

describe('a free number', () => {
  const ask = ({ accessToken }: TokensBody, phone: string) =>
    withCode(new Person(system, phone), () => here.post('/v1/users/me/phone', { phone }, { token: accessToken }));
  const confirmAt = (api: ApiClient, { accessToken }: TokensBody, { token, code }: { token: string; code: string }) =>
    api.post<ProblemBody>('/v1/users/me/phone/confirm', { challengeToken: token, code }, { token: accessToken });
  const owners = (phone: string) => numberOf(system, 'SELECT count(*)::int AS n FROM users WHERE phone = $1', [phone]);

  it(
    'A69, N8: proved by two accounts and a registration at the same moment has one owner; the others keep what they had',
    () =>
      rounds(3, async () => {
        const [first, second] = [await newcomer(system, nextPhone()), await newcomer(system, nextPhone())];
        const phone = nextPhone();
        const stranger = await new Person(system, phone).challenged('register');
        const mine = await ask(first.tokens, phone);
        system.clock.advance(2);
        const theirs = await ask(second.tokens, phone);
        const answers = await Promise.all([
          confirmAt(here, first.tokens, mine),
          confirmAt(there, second.tokens, theirs),
          verifyAt(here, stranger.token, stranger.code),
        ]);
        expect(tally(answers)).toEqual({ 200: 1, '409 conflict': 2 });
        expect(await owners(phone)).toBe(1);
        for (const [index, { person, tokens }] of [first, second].entries()) {
          expect(await owners(person.phone)).toBe(answers[index]?.status === 200 ? 0 : 1);
          expect((await refreshAt(there, tokens)).status).toBe(200);
        }
      }),
    RACE_TIMEOUT_MS,
  );

  it('A69: taken by another in the middle of the statement it is a conflict, told as any other', () =>
    untilMet(async () => {
      const [first, second] = [await newcomer(system, nextPhone()), await newcomer(system, nextPhone())];
      const phone = nextPhone();
      const mine = await ask(first.tokens, phone);
      const take = 'UPDATE users SET phone = $2 WHERE phone = $1';
      const [answer] = await whileHeld(system.database, [take, second.person.phone, phone], async () => {
        const confirming = confirmAt(here, first.tokens, mine);
        await untilWaiting(system, 1);
        return [confirming] as const;
      });
      expect(tally([await answer])).toEqual({ '409 conflict': 1 });
      expect(await owners(first.person.phone)).toBe(1);
    }));

  it('N4: goes to nobody whose session is ended while the statement waits for the account', () =>
    untilMet(async () => {
      const { person, tokens: owner } = await newcomer(system, nextPhone());
      const thief = await person.again();
      const phone = nextPhone();
      const theirs = await ask(thief, phone);
      const hold = 'SELECT FROM users WHERE phone = $1 FOR UPDATE';
      const [answer] = await whileHeld(system.database, [hold, person.phone], async () => {
        const confirming = confirmAt(there, thief, theirs);
        await untilWaiting(system, 1);
        expect((await endAt(here, owner, sessionIdOf(thief))).status).toBe(204);
        return [confirming] as const;
      });
      expect(tally([await answer])).toEqual({ '401 token_invalid': 1 });
      expect([await owners(person.phone), await owners(phone)]).toEqual([1, 0]);
      expect((await refreshAt(here, owner)).status).toBe(200);
    }));
});

it('leaves no deadlock and no failed statement in the logs', () => {
  expect(databaseErrors(system)).toEqual([]);
});
