// D9a, A39, A69 under races: what an operator ends stays ended, whatever is under way on the other instance, and a number that an
// operator moves has one owner. What counts is what still works afterwards.
import type { ApiClient, ProblemBody, TokensBody } from '../../support/api-client';
import { forgotten, kind, refreshAt, resetAt, withCode } from '../../support/credentials';
import { startSystem, type System } from '../../support/instance';
import { Operator } from '../../support/operator';
import { Person, phoneNumbers } from '../../support/person';
import { askRebind, beginRebind, endWaits, prove, stateOf } from '../../support/rebinds';
import { BUSY, databaseErrors, LIMITS_OFF, numberOf, others, RACE_TIMEOUT_MS, rounds, tally, verifyAt } from '../burst';

const nextPhone = phoneNumbers();
let system: System;
let here: ApiClient;
let there: ApiClient;
let operator: Operator;

beforeAll(async () => {
  system = await startSystem({
    instances: 2,
    env: { ...LIMITS_OFF, OTP_RESEND_SECONDS: '1', JWT_ISSUER: 'https://id.example' },
  });
  [here, there] = system.both;
  operator = new Operator(system);
});
afterAll(() => system.stop());

async function newPerson(): Promise<{ person: Person; tokens: TokensBody; id: string }> {
  const person = new Person(system, nextPhone());
  const tokens = await person.joined();
  return { person, tokens, id: String(tokens.user['id']) };
}

async function another(person: Person): Promise<TokensBody> {
  system.clock.advance(2);
  const { token, code } = await person.challenged('login');
  return (await person.verify(token, code)).body;
}

const alive = (id: string) =>
  numberOf(
    system,
    `SELECT count(*)::int AS n FROM sessions s JOIN users u ON u.id = s.user_id
      WHERE u.id = $1 AND s.revoked_at IS NULL AND s.auth_epoch = u.auth_epoch`,
    [id],
  );

describe.each(['disable', 'must-change', 'sessions'])('an operator’s %s', (what) => {
  it(
    'leaves no session of logins that are verified and refreshed at that moment, nor a password that is reset',
    () =>
      rounds(3, async () => {
        const { person, id } = await newPerson();
        const sessions = [await another(person), await another(person), await another(person)];
        system.clock.advance(2);
        const reset = await forgotten(person);
        system.clock.advance(2);
        const login = await person.challenged('login');
        const end = () => (what === 'sessions' ? operator.endSessions(id) : operator.act(id, what));
        const [ended, resetAnswer, ...answers] = await Promise.all([
          end(),
          resetAt(there, reset.token, reset.code),
          verifyAt(there, login.token, login.code),
          ...sessions.map((each, index) => refreshAt(index % 2 === 0 ? there : here, each)),
        ]);
        expect(ended.status).toBeLessThan(300);
        expect(others([resetAnswer], ['204', '401 code_expired', '401 code_invalid', ...BUSY])).toEqual([]);
        expect(
          others(answers, ['200', '401 token_invalid', '401 code_expired', '429 second_factor_locked', ...BUSY]),
        ).toEqual([]);
        if (what === 'disable') await operator.act(id, 'enable');
        for (const { body } of answers.filter(({ status }) => status === 200)) {
          expect(kind(await refreshAt(there, body))).toBe('401 token_invalid');
        }
        expect(await alive(id)).toBe(0);
      }),
    RACE_TIMEOUT_MS,
  );
});

describe('a rebind', () => {
  const owners = (phone: string) => numberOf(system, 'SELECT count(*)::int AS n FROM users WHERE phone = $1', [phone]);
  const due = (id: string) =>
    system.database.query(`UPDATE phone_rebinds SET moves_at = started_at WHERE user_id = $1 AND ended_at IS NULL`, [
      id,
    ]);

  it(
    'A69: that is due while a person changes to its number and another registers it gives the number one owner',
    () =>
      rounds(3, async () => {
        const [lost, other] = [await newPerson(), await newPerson()];
        const phone = nextPhone();
        const begun = await beginRebind(operator, lost.id, phone);
        expect((await prove(here, begun)).status).toBe(200);
        const newcomer = await new Person(system, phone).challenged('register');
        system.clock.advance(2);
        const { accessToken: token } = other.tokens;
        const change = await withCode(new Person(system, phone), () =>
          here.post('/v1/users/me/phone', { phone }, { token }),
        );
        const confirm = { challengeToken: change.token, code: change.code };
        await due(lost.id);
        const [, ...answers] = await Promise.all([
          endWaits(system),
          there.post<ProblemBody>('/v1/users/me/phone/confirm', confirm, { token }),
          verifyAt(here, newcomer.token, newcomer.code),
        ]);
        const state = await stateOf(operator, lost.id);
        expect(others(answers, ['200', '409 conflict'])).toEqual([]);
        expect((tally(answers)[200] ?? 0) + (state === 'moved' ? 1 : 0)).toBe(1);
        expect(['moved', 'taken']).toContain(state);
        expect(await owners(phone)).toBe(1);
        expect(await owners(lost.person.phone)).toBe(state === 'moved' ? 0 : 1);
      }),
    RACE_TIMEOUT_MS,
  );

  it(
    'that is due while its owner signs in with the old number either moves and leaves no session, or is stopped',
    () =>
      rounds(4, async () => {
        const { person, id } = await newPerson();
        const phone = nextPhone();
        expect((await prove(here, await beginRebind(operator, id, phone))).status).toBe(200);
        system.clock.advance(2);
        const login = await person.challenged('login');
        await due(id);
        const [, verified] = await Promise.all([endWaits(system), verifyAt(there, login.token, login.code)]);
        const state = await stateOf(operator, id);
        expect(['moved', 'stopped']).toContain(state);
        expect(await alive(id)).toBe(state === 'stopped' ? 1 : 0);
        expect(await owners(person.phone)).toBe(state === 'stopped' ? 1 : 0);
        if (state === 'stopped') expect(verified.status).toBe(200);
      }),
    RACE_TIMEOUT_MS,
  );

  it(
    'begun ten times at once by two instances is one',
    () =>
      rounds(2, async () => {
        const { id } = await newPerson();
        const phone = nextPhone();
        const both = [operator, new Operator(system, system.adminKey, 1)];
        const answers = await Promise.all(
          Array.from({ length: 10 }, (_, index) => askRebind(both[index % 2] ?? operator, id, phone)),
        );
        expect(others(answers, ['200', '429 rate_limited', ...BUSY])).toEqual([]);
        expect(await numberOf(system, 'SELECT count(*)::int AS n FROM phone_rebinds WHERE user_id = $1', [id])).toBe(1);
        expect(await numberOf(system, 'SELECT auth_epoch AS n FROM users WHERE id = $1', [id])).toBe(1);
      }),
    RACE_TIMEOUT_MS,
  );

  it('leaves no deadlock and no failed statement in the logs', () => {
    expect(databaseErrors(system).filter((line) => !line.includes('23505'))).toEqual([]);
  });
});
