// Floods (security.md 3.3): sign-ins, codes and malformed requests by the hundred. What is cheap stays cheap, a refusal comes soon and says
// when to come back, memory stays flat. Judged by order and ratio here; `npm run bench:load` runs it longer and prints times.
import type { ApiAnswer, TokensBody } from '../../support/api-client';
import { startSystem, type System } from '../../support/instance';
import { PASSWORD, Person, phoneNumbers, wrongCodes } from '../../support/person';
import { residentBytes } from '../../support/processes';
import { LIMITS_OFF } from '../../races/burst';
import { flood, kinds, quantile, type Sample, tell, times, watched } from '../load/traffic';
import { malformed } from '../load/malformed';

/** How many times as many requests as in CI. */
const SIZE = Number(process.env['LOAD_SIZE'] ?? 1);
const QUARTERS = [1, 2, 3, 4];
/** Of the last half of a flood: what is kept for each request would show as more. */
const GROWTH_BYTES = 40 * 1024 * 1024;
const nextPhone = phoneNumbers();
let system: System;
let person: Person;
let tokens: TokensBody;
let pending: { token: string; code: string };

beforeAll(async () => {
  const env = {
    ...LIMITS_OFF,
    BCRYPT_COST: SIZE > 1 ? '12' : '10',
    TRUSTED_PROXIES: '127.0.0.1',
    LIMIT_REFRESH_FAMILY: 'off',
  };
  system = await startSystem({ env: { ...env, LIMIT_UNAUTHENTICATED: '60/1m', LIMIT_STATUS: '100000/1m' } });
  person = new Person(system, nextPhone());
  tokens = await person.joined();
  pending = await person.challenged('login');
});
afterAll(() => system.stop());

/** What a person with a session does: its answers are the ones that must not suffer. */
const cheap = async (turn: number): Promise<ApiAnswer<unknown>> => {
  if (turn % 3 === 0) return system.api.get('/v1/users/me', { token: tokens.accessToken });
  if (turn % 3 === 1) return system.api.post('/v1/auth/otp/status', { challengeToken: pending.token }, own(turn));
  const { refreshToken } = tokens;
  const answer = await system.api.post<TokensBody>('/v1/auth/token/refresh', { refreshToken }, own(turn));
  if (answer.status === 200) tokens = answer.body;
  return answer;
};

const from = (address: string) => ({ headers: { 'x-forwarded-for': address } });
/** People are behind addresses of their own, each with its limit. */
let turns = 0;
const own = (turn: number) => from(`10.${turn % 250}.${Math.floor((turns += 1) / 200) % 250}.${turns % 200}`);
const strangers = (index: number) => from(`198.51.${Math.floor(index / 50) % 250}.${index % 250}`);

/** In four quarters, with what the process holds after each. */
async function flooded(count: number, together: number, ask: (index: number) => Promise<ApiAnswer<unknown>>) {
  const baseline = await flood(30, 1, cheap);
  const memory: number[] = [];
  const quarters = async (): Promise<Sample[]> => {
    const all: Sample[] = [];
    for (const quarter of QUARTERS) {
      all.push(...(await flood(count / 4, together, (index) => ask(index + (quarter * count) / 4))));
      memory.push(residentBytes(system.pid(0)));
    }
    return all;
  };
  const { result: answers, samples } = await watched(quarters(), cheap);
  return { answers, samples, baseline, memory };
}

type Flooded = Awaited<ReturnType<typeof flooded>>;

function expectWell(name: string, { answers, samples, baseline, memory }: Flooded, served: readonly number[]): void {
  const refused = answers.filter(({ status }) => !served.includes(status));
  tell(name, {
    answers: kinds(answers),
    cheapBefore: times(baseline),
    cheapDuring: times(samples),
    served: times(answers.filter(({ status }) => served.includes(status))),
    refusals: times(refused),
    refusedWithoutTime: refused.filter(({ retryAfter }) => !(retryAfter >= 1)).length,
    rssMB: memory.map((bytes) => Math.round(bytes / 2 ** 20)),
  });
  expect(kinds(samples)).toEqual({ 200: samples.length });
  expect(refused.filter(({ retryAfter }) => !(retryAfter >= 1))).toEqual([]);
  expect((memory[3] ?? 0) - (memory[1] ?? 0)).toBeLessThan(GROWTH_BYTES);
}

it('A49, F22: a flood of sign-ins: sessions go on as before, and who finds no room is told so sooner than others are served', async () => {
  const unknown = () => ({ identifier: nextPhone(), password: PASSWORD });
  const seen = await flooded(80 * SIZE, 24, (index) => system.api.post('/v1/auth/login', unknown(), strangers(index)));
  const [served, refused] = [401, 503].map((status) => seen.answers.filter((sample) => sample.status === status));
  expect(Object.keys(kinds(seen.answers)).sort()).toEqual(['401 credentials_invalid', '503 overloaded']);
  expect(quantile(refused ?? [], 0.5)).toBeLessThan(quantile(served ?? [], 0.5));
  // Not behind the hashes: those are tens of milliseconds of a core each, and wait for each other.
  expect(quantile(seen.samples, 0.5)).toBeLessThan(quantile(served ?? [], 0.5));
  expectWell('login flood', seen, [401]);
}, 600_000);

it('A91, F22: a flood of codes from one address is refused with the time to come back, and from many costs nobody their session', async () => {
  const guess = wrongCodes(pending.code, 1)[0];
  const unknown = `lg6_k1_${'A'.repeat(43)}`;
  const ask = (challengeToken: string, who: ReturnType<typeof from>) =>
    system.api.post('/v1/auth/otp/verify', { challengeToken, code: guess }, who);
  const one = await flooded(400 * SIZE, 16, () => ask(unknown, from('203.0.113.9')));
  expectWell('verify flood, one address', one, [401]);
  expect(one.answers.filter(({ status }) => status === 429).length).toBeGreaterThanOrEqual(400 * SIZE - 60 * 20);
  const many = await flooded(400 * SIZE, 16, (index) =>
    ask(index % 2 === 0 ? unknown : pending.token, strangers(index)),
  );
  expectWell('verify flood, many addresses', many, [401]);
  expect(Object.keys(kinds(many.answers)).filter((kind) => !/^(401 |429 |503 overloaded)/.test(kind))).toEqual([]);
}, 600_000);

it('F32: one malformed, huge or deep body in five: each is refused, and good requests are served as before', async () => {
  const bad = malformed();
  const seen = await flooded(200 * SIZE, 8, (index) => {
    const wrong = bad[Math.floor(index / 5) % bad.length];
    return index % 5 === 0 && wrong !== undefined ? wrong(system.api, strangers(index).headers) : cheap(index * 3);
  });
  const [good, refused] = [(n: number) => n < 400, (n: number) => n >= 400].map((fits) =>
    seen.answers.filter(({ status }) => fits(status)),
  );
  const rssMB = seen.memory.map((bytes) => Math.round(bytes / 2 ** 20));
  const [cheapBefore, cheapDuring] = [seen.baseline, good ?? []].map(times);
  tell('malformed', { answers: kinds(seen.answers), cheapBefore, cheapDuring, refusals: times(refused ?? []), rssMB });
  expect(kinds(seen.samples)).toEqual({ 200: seen.samples.length });
  expect(good?.length).toBe(160 * SIZE);
  expect(refused?.filter(({ status }) => ![400, 413, 415].includes(status))).toEqual([]);
  expect((seen.memory[3] ?? 0) - (seen.memory[1] ?? 0)).toBeLessThan(GROWTH_BYTES);
}, 600_000);
