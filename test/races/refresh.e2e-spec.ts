// Refreshes of one session at the same time on two instances (A33, F15, protocol.md 6): nobody is logged out by accident, and what
// was ended stays ended whatever was in flight. Rounds: RACE_ROUNDS.
import type { ApiClient, ProblemBody, TokensBody } from '../support/api-client';
import { startSystem, type System } from '../support/instance';
import { Person, phoneNumbers } from '../support/person';
import { sessionIdOf } from '../support/sessions';
import { burst, databaseErrors, LIMITS_OFF, numberOf, others, RACE_TIMEOUT_MS, rounds, tally } from './burst';

const PARALLEL = 20;
/** F15 asks for so many. */
const TWO_TAB_ROUNDS = 500;
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

const refresh = (api: ApiClient, refreshToken = '') =>
  api.post<TokensBody & ProblemBody>('/v1/auth/token/refresh', { refreshToken });
const refreshAt = (index: number, token?: string) => refresh(system.apis[index % 2] ?? system.api, token);
const me = (api: ApiClient, token: string) => api.get('/v1/users/me', { token });

const recorded = (event: string, sid: string) =>
  numberOf(system, 'SELECT count(*)::int AS n FROM audit_log WHERE event = $1 AND session_id = $2', [event, sid]);

/** A session of its own for a round: the first registers, the others sign in. */
async function signedIn(round: number): Promise<TokensBody> {
  if (round === 1) return person.joined();
  return person.again();
}

it(
  'A33, F15: two tabs on two instances refresh at once: both get the same successor, nobody is logged out, no theft is seen',
  async () => {
    let tokens = await person.joined();
    const sid = sessionIdOf(tokens);
    const twoTabs = async (round: number): Promise<void> => {
      const answers = await Promise.all([0, 1].map((tab) => refreshAt(tab, tokens.refreshToken)));
      expect(tally(answers)).toEqual({ '200': 2 });
      const [one, two] = answers.map(({ body }) => body);
      expect(one?.refreshToken).toBe(two?.refreshToken);
      for (const [at, { body }] of answers.entries()) {
        expect((await me(system.apis[1 - at] ?? system.api, body.accessToken)).status).toBe(200);
      }
      tokens = answers[round % 2]?.body ?? tokens;
    };
    await rounds(50, twoTabs, TWO_TAB_ROUNDS);
    expect(await recorded('authn_token_reuse', sid)).toBe(0);
    expect(await recorded('session_logout', sid)).toBe(0);
    expect((await refreshAt(0, tokens.refreshToken)).status).toBe(200);
  },
  RACE_TIMEOUT_MS,
);

it(
  'A33: 20 refreshes of one token: one change, one successor for all',
  async () => {
    let tokens = await person.joined();
    const sid = sessionIdOf(tokens);
    await rounds(8, async (round) => {
      const answers = await burst(system, PARALLEL, (api) => refresh(api, tokens.refreshToken));
      expect(tally(answers)).toEqual({ '200': PARALLEL });
      expect(new Set(answers.map(({ body }) => body.refreshToken)).size).toBe(1);
      expect(await recorded('session_renewed', sid)).toBe(round);
      tokens = answers[0]?.body ?? tokens;
    });
    expect(await recorded('authn_token_reuse', sid)).toBe(0);
  },
  RACE_TIMEOUT_MS,
);

it(
  'A31: a token that comes back after the grace ends the session, whatever refreshes are in flight',
  () =>
    rounds(3, async (round) => {
      const first = await signedIn(round);
      const { body: second } = await refreshAt(0, first.refreshToken);
      system.clock.advance(31);
      const [stolen, ...answers] = await Promise.all([
        refreshAt(0, first.refreshToken),
        ...Array.from({ length: PARALLEL }, (_, index) => refreshAt(index + 1, second.refreshToken)),
      ]);
      expect(others(answers, ['200', '401 token_invalid'])).toEqual([]);
      expect(tally([stolen])).toEqual({ '401 refresh_reused': 1 });
      const given = answers.map(({ body }) => body.refreshToken).filter((token) => token !== undefined);
      for (const token of [first.refreshToken, second.refreshToken, ...new Set(given)]) {
        expect(tally([await refreshAt(round, token)])).toEqual({ '401 token_invalid': 1 });
      }
      expect(await recorded('authn_token_reuse', sessionIdOf(first))).toBe(1);
    }),
  RACE_TIMEOUT_MS,
);

it.each(['logout', 'logout-all'])(
  'A38, N4: %s inside the grace with 20 refreshes in flight leaves nothing alive',
  (route) =>
    rounds(3, async (round) => {
      const first = await signedIn(round);
      const { body: second } = await refreshAt(0, first.refreshToken);
      const [ended, ...answers] = await Promise.all([
        system.api.post(`/v1/auth/${route}`, route === 'logout' ? { refreshToken: second.refreshToken } : {}, {
          token: second.accessToken,
        }),
        ...Array.from({ length: PARALLEL }, (_, index) =>
          refreshAt(index, index % 4 < 2 ? first.refreshToken : second.refreshToken),
        ),
      ]);
      expect(ended.status).toBe(204);
      expect(others(answers, ['200', '401 token_invalid', '409 refresh_raced'])).toEqual([]);
      const given = answers.filter(({ status }) => status === 200).map(({ body }) => body);
      for (const { refreshToken } of [first, second, ...given]) {
        expect(tally([await refreshAt(round, refreshToken)])).toEqual({ '401 token_invalid': 1 });
      }
      system.clock.advance(5);
      for (const { accessToken } of [first, second, ...given]) {
        for (const api of system.apis) expect((await me(api, accessToken)).status).toBe(401);
      }
    }),
  RACE_TIMEOUT_MS,
);

it('leaves no deadlock and no failed statement in the logs', () => {
  expect(databaseErrors(system)).toEqual([]);
});
