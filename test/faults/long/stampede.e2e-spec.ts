// F39: both instances start anew and every client comes back in the same moment. Every session goes on; of the sign-ins those that find no
// room are told when to come back, not all at the same time. STAMPEDE is how many clients renew: 30 unless told.
import type { TokensBody } from '../../support/api-client';
import { refreshAt } from '../../support/credentials';
import { startSystem, type System } from '../../support/instance';
import { brokenRules } from '../../support/ledger';
import { until } from '../../support/patience';
import { Person, phoneNumbers, type TokensAnswer } from '../../support/person';
import { addRow } from '../../support/fault-table';
import { LIMITS_OFF_BUT_OF_NUMBERS } from '../../races/burst';

const CLIENTS = Number(process.env['STAMPEDE'] ?? 30);
/** As many hashes as find room. */
const TOGETHER = 8;
const LOGINS = 60;
const nextPhone = phoneNumbers();
let system: System;

beforeAll(async () => {
  system = await startSystem({ instances: 2, env: { ...LIMITS_OFF_BUT_OF_NUMBERS, JWT_ISSUER: 'https://id.example' } });
});
afterAll(() => system.stop());

async function sessions(): Promise<TokensBody[]> {
  const tokens: TokensBody[] = [];
  const more = async (): Promise<void> => {
    while (tokens.length < CLIENTS) tokens.push(await new Person(system, nextPhone()).joined());
  };
  await Promise.all(Array.from({ length: TOGETHER }, more));
  return tokens.slice(0, CLIENTS);
}

/** As ours does: an answer that does not come, or says to come back, is asked for again with the same token. */
function comesBack(tokens: TokensBody, at: number, tally: { errors: number }): Promise<TokensAnswer> {
  let turn = at;
  const answered = async (): Promise<TokensAnswer | undefined> => {
    const answer = await refreshAt(system.apis[turn % 2] ?? system.api, tokens).catch(() => undefined);
    if (answer !== undefined && answer.status !== 503 && answer.body.code !== 'refresh_raced') return answer;
    turn += 1;
    tally.errors += 1;
    return undefined;
  };
  return until(answered, `an answer to client ${at}`, 240_000, 1);
}

it('F39, N3: every client renews at once after a restart of both, and every session goes on', async () => {
  const tokens = await sessions();
  await Promise.all([system.kill(0, 'SIGKILL'), system.kill(1, 'SIGKILL')]);
  await Promise.all([system.restart(0), system.restart(1)]);
  const tally = { errors: 0 };
  const began = performance.now();
  const took: number[] = [];
  const answers = await Promise.all(
    tokens.map(async (own, at) => {
      const answer = await comesBack(own, at, tally);
      took.push(performance.now() - began);
      return answer;
    }),
  );
  expect(answers.filter(({ status }) => status !== 200).map(({ text }) => text)).toEqual([]);
  // Nobody is left with a token that is not the newest.
  const again = await Promise.all(answers.map(({ body }, at) => comesBack(body, at, tally)));
  const lost = again.filter(({ status }) => status !== 200).length;
  addRow({
    cases: 'F39',
    fault: `both instances restarted, ${CLIENTS} clients renew at once`,
    acknowledged: answers.length,
    errors: tally.errors,
    recoveredMs: Math.max(...took),
    lost,
    phantom: 0,
    double: 0,
  });
  expect(lost).toBe(0);
  expect(await brokenRules(system.database)).toEqual({});
}, 600_000);

it('F39: of sign-ins beyond what there is room for each is told when to come back, not all at the same time', async () => {
  await system.restart(0, { BCRYPT_COST: '10' });
  const person = new Person(system, nextPhone());
  await person.joined();
  const answers = await Promise.all(Array.from({ length: LOGINS }, () => person.login()));
  const refused = answers.filter(({ status }) => status === 503);
  expect(refused.length).toBeGreaterThan(LOGINS / 2);
  const times = refused.map(({ headers }) => Number(headers.get('retry-after')));
  expect(Math.min(...times)).toBeGreaterThanOrEqual(1);
  expect(new Set(times).size).toBeGreaterThan(1);
  for (const { body, headers } of refused) {
    expect([body.code, String(body.retryAfter)]).toEqual(['overloaded', headers.get('retry-after')]);
  }
});
