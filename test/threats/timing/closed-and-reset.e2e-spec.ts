// The time of an answer does not tell that a password is delayed or closed (A54), nor whether the number of a reset has an account (A55),
// by the timing rule in samples.ts.
import { signUp } from '../../support/accounts';
import { startSystem, type System } from '../../support/instance';
import { expectAlike, interleaved } from './samples';

const OFF = [
  'PASSWORD_ADDRESS',
  'REGISTER_ADDRESS',
  'UNAUTHENTICATED',
  'SMS_DESTINATION',
  'SMS_ACCOUNT',
  'SMS_ADDRESS',
  'SMS_PREFIX',
  'SMS_UNVERIFIED',
  'RESET_ADDRESS',
  'RESET_DESTINATION',
];
/** Wrong passwords that an account may have before it is delayed. */
const FREE = 5;
/** Of accounts that are to stay as they are: each takes fewer than its free ones of the 300 samples. */
const ACCOUNTS = 75;
const NUMBERS = 60;
/** After these the delay is longer than the measurement takes. */
const SIEGE = FREE + 11;
let system: System;

beforeAll(async () => {
  const limits = Object.fromEntries(OFF.map((name) => [`LIMIT_${name}`, 'off']));
  system = await startSystem({ env: { ...limits, BCRYPT_COST: '8', LIMIT_PASSWORD_ACCOUNT: `${FREE}/15m` } });
});
afterAll(() => system.stop());

const numbers = (from: number, count: number) => Array.from({ length: count }, (_, n) => `+1415${from + n}`);

/** Accounts as this one is, in the table alone. */
async function copies(phone: string, phones: readonly string[]): Promise<void> {
  await system.database.query(
    `INSERT INTO users SELECT copy.* FROM users u, unnest($2::text[]) AS named(phone),
       jsonb_populate_record(u, jsonb_build_object('id', gen_random_uuid(), 'phone', named.phone)) AS copy WHERE u.phone = $1`,
    [phone, phones],
  );
}

async function guess(identifier: string): Promise<void> {
  const { status } = await system.api.post('/v1/auth/login', { identifier, password: 'wrong horse battery staple' });
  if (status !== 401) throw new Error(`a wrong password was answered with ${status}`);
}

/** Each in turn, from the first again when all were asked. */
function inTurn(names: readonly string[], ask: (name: string) => Promise<void>): () => Promise<void> {
  let turn = 0;
  return () => ask(names[turn++ % names.length] ?? '');
}

it('a login with a wrong password: to be looked at, of nobody, delayed, of nobody and delayed, closed after a hundred (A54)', async () => {
  const [open, unknown, closed] = [2_080_000, 2_081_000, 2_082_000].map((from) => numbers(from, ACCOUNTS));
  const [delayed, nobody] = ['+14152083001', '+14152083002'];
  await signUp(system, delayed);
  await copies(delayed, [...(open ?? []), ...(closed ?? [])]);
  await system.database.query('UPDATE users SET password_failures = 100 WHERE phone = ANY ($1)', [closed]);
  for (let failure = 0; failure < SIEGE; failure += 1) {
    system.clock.advance(901);
    for (const phone of [delayed, nobody]) await guess(phone);
  }
  const counted = `SELECT count(*)::int AS n FROM failure_budgets WHERE key LIKE 'password:%' AND consecutive = $1`;
  const { rows } = await system.database.query<{ n: number }>(counted, [SIEGE]);
  expect(rows).toEqual([{ n: 2 }]); // both, and from here on none of theirs is looked at
  const times = await interleaved({
    open: inTurn(open ?? [], guess),
    unknown: inTurn(unknown ?? [], guess),
    delayed: () => guess(delayed),
    nobody: () => guess(nobody),
    closed: inTurn(closed ?? [], guess),
  });
  expect((await system.database.query<{ n: number }>(counted, [SIEGE])).rows).toEqual(rows);
  expectAlike(times);
});

it('a forgotten password, by number: of an account, disabled, of nobody (A55)', async () => {
  const [known, disabled, unknown] = [2_084_000, 2_085_000, 2_086_000].map((from) => numbers(from, NUMBERS));
  const owner = '+14152087001';
  await signUp(system, owner);
  await copies(owner, [...(known ?? []), ...(disabled ?? [])]);
  await system.database.query(`UPDATE users SET status = 'disabled' WHERE phone = ANY ($1)`, [disabled]);
  let asked = 0;
  const forgotten = async (identifier: string): Promise<void> => {
    const { status } = await system.api.post('/v1/auth/password/forgot', { identifier });
    if (status !== 202) throw new Error(`a forgotten password was answered with ${status}`);
    // Past the cooldown of all of them once each was asked for: every sample makes a challenge.
    if ((asked += 1) % (3 * NUMBERS) === 0) system.clock.advance(31);
  };
  const before = await challenges();
  const times = await interleaved({
    known: inTurn(known ?? [], forgotten),
    disabled: inTurn(disabled ?? [], forgotten),
    unknown: inTurn(unknown ?? [], forgotten),
  });
  expect((await challenges()) - before).toBe(asked);
  expectAlike(times);
});

async function challenges(): Promise<number> {
  const sql = `SELECT count(*)::int AS n FROM otp_attempts WHERE purpose = 'reset'`;
  return (await system.database.query<{ n: number }>(sql)).rows[0]?.n ?? 0;
}
