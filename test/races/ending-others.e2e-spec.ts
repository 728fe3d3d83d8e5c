// Refreshes while all other sessions of the account end, on two instances (F15, ADR 84): the session that stays is nobody's to end, and what
// was ended stays ended. Some are made to meet: they wait for one row, and are let go at the same time. Rounds: RACE_ROUNDS.
import type { ApiClient, ProblemBody, TokensBody } from '../support/api-client';
import { startSystem, type System } from '../support/instance';
import { Person, phoneNumbers } from '../support/person';
import { sessionIdOf } from '../support/sessions';
import { databaseErrors, LIMITS_OFF, numberOf, RACE_TIMEOUT_MS, rounds, tally, untilWaiting } from './burst';

const PARALLEL = 20;
const nextPhone = phoneNumbers();
let system: System;
let person: Person;

beforeAll(async () => {
  system = await startSystem({
    instances: 2,
    env: { ...LIMITS_OFF, LIMIT_REFRESH_FAMILY: 'off', JWT_ISSUER: 'https://id.example' },
  });
});
afterAll(() => system.stop());
beforeEach(() => {
  person = new Person(system, nextPhone());
});

const at = (index: number): ApiClient => system.apis[index % 2] ?? system.api;
const refreshAt = (index: number, refreshToken = '') =>
  at(index).post<TokensBody & ProblemBody>('/v1/auth/token/refresh', { refreshToken });
const endOthers = ({ accessToken }: TokensBody) =>
  at(1).request<TokensBody & ProblemBody>('DELETE', '/v1/auth/sessions', undefined, { token: accessToken });

const recorded = (event: string, sid: string) =>
  numberOf(system, 'SELECT count(*)::int AS n FROM audit_log WHERE event = $1 AND session_id = $2', [event, sid]);

/** A session of its own for a round: the first registers, the others sign in. */
async function signedIn(round: number): Promise<TokensBody> {
  if (round === 1) return person.joined();
  return person.again();
}

it(
  'ending all others while one’s own tabs refresh logs nobody out by accident, and leaves no other session alive',
  () =>
    rounds(2, async (round) => {
      const other = await signedIn(round);
      const own = await signedIn(round + 1);
      const { body: newest } = await refreshAt(0, other.refreshToken);
      const tabs = Array.from({ length: PARALLEL / 2 }, (_, index) => refreshAt(index, own.refreshToken));
      const strangers = Array.from({ length: PARALLEL / 2 }, (_, index) => refreshAt(index, newest.refreshToken));
      const ended = endOthers(own);
      const answers = await Promise.all(tabs);
      expect((await ended).status).toBe(204);
      expect(tally(answers)).toEqual({ '200': PARALLEL / 2 });
      const given = (await Promise.all(strangers)).filter(({ status }) => status === 200).map(({ body }) => body);
      for (const { refreshToken } of [newest, ...given]) {
        expect(tally([await refreshAt(round, refreshToken)])).toEqual({ '401 token_invalid': 1 });
      }
      expect((await refreshAt(round, answers[0]?.body.refreshToken)).status).toBe(200);
    }),
  RACE_TIMEOUT_MS,
);

/** What another ending of all others does, up to its commit; `keep` is the session it was asked from. */
async function meanwhile<T>(phone: string, keep: string, request: () => Promise<T>): Promise<T> {
  const client = await system.database.connect();
  try {
    await client.query('BEGIN');
    const epoch = 'UPDATE users SET auth_epoch = auth_epoch + 1 WHERE phone = $1';
    await client.query(epoch, [phone]);
    await client.query('UPDATE sessions SET auth_epoch = auth_epoch + 1 WHERE id = $1', [keep]);
    const answer = request();
    await untilWaiting(system, 1);
    await client.query('COMMIT');
    return await answer;
  } finally {
    client.release();
  }
}

/** Holds a session's row until the first request waits for it and then all the others do; returns their answers in this order. */
async function inTurn<T>(sid: string, first: () => Promise<T>, next: () => readonly Promise<T>[]): Promise<T[]> {
  const client = await system.database.connect();
  try {
    await client.query('BEGIN');
    await client.query('SELECT FROM sessions WHERE id = $1 FOR UPDATE', [sid]);
    const answers = [first()];
    await untilWaiting(system, 1);
    answers.push(...next());
    await untilWaiting(system, answers.length);
    await client.query('COMMIT');
    return await Promise.all(answers);
  } finally {
    client.release();
  }
}

it.each([
  ['two', 'end', 2, 1],
  ['ten', 'end again and again', 10, 6],
])(
  'F15: %s tabs that refresh with one token while all other sessions of the account %s get the same successor',
  async (_tabs, _end, count, times) => {
    let own = await person.joined();
    const sid = sessionIdOf(own);
    await rounds(20, async (round) => {
      const [ended, ...tabs] = await inTurn(
        sid,
        async () => {
          let answer = await endOthers(own);
          for (let more = 1; more < times; more += 1) answer = await endOthers(own);
          return answer;
        },
        () => Array.from({ length: count }, (_, tab) => refreshAt(tab + round, own.refreshToken)),
      );
      expect(ended?.status).toBe(204);
      expect(tally(tabs)).toEqual({ '200': count });
      expect(new Set(tabs.map(({ body }) => body.refreshToken)).size).toBe(1);
      for (const [tab, { body }] of tabs.entries()) {
        expect((await at(tab).get('/v1/users/me', { token: body.accessToken })).status).toBe(200);
      }
      own = tabs[round % 2]?.body ?? own;
    });
    expect((await recorded('session_renewed', sid)) * times).toBe(await recorded('session_logout_others', sid));
    expect(await recorded('authn_token_reuse', sid)).toBe(0);
  },
  RACE_TIMEOUT_MS,
);

it('a refresh of the session that stays is renewed, not logged out', async () => {
  const own = await person.joined();
  const answer = await meanwhile(person.phone, sessionIdOf(own), () => refreshAt(0, own.refreshToken));
  expect(tally([answer])).toEqual({ '200': 1 });
});

it('who is ended by another’s ending of all others ends nobody; asked twice from one session it is no error', async () => {
  const first = await person.joined();
  const second = await signedIn(2);
  const ended = await meanwhile(person.phone, sessionIdOf(first), () => endOthers(second));
  expect(tally([ended])).toEqual({ '401 token_invalid': 1 });
  expect((await refreshAt(0, first.refreshToken)).status).toBe(200);
  expect(tally([await refreshAt(0, second.refreshToken)])).toEqual({ '401 token_invalid': 1 });
  const third = await signedIn(3);
  expect((await meanwhile(person.phone, sessionIdOf(third), () => endOthers(third))).status).toBe(204);
  expect((await refreshAt(0, third.refreshToken)).status).toBe(200);
});

it('leaves no deadlock and no failed statement in the logs', () => {
  expect(databaseErrors(system)).toEqual([]);
});
