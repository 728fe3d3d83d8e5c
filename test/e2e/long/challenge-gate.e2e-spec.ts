// The gate before a registration and a reset: the built-in puzzle on one instance, and what it asks for is asked of everybody alike.
import { askReset } from '../../support/credentials';
import { startSystem, type System } from '../../support/instance';
import type { ApiClient } from '../../support/api-client';
import { gateAt, type GatedAnswer, passage, solve, solved } from '../../support/gate';
import { PASSWORD, Person, phoneNumbers } from '../../support/person';

const nextPhone = phoneNumbers();
let system: System;
let api: ApiClient;
let other: ApiClient;

beforeAll(async () => {
  const env = { CHALLENGE_GATE: 'always', CHALLENGE_GATE_DIFFICULTY: '8', LIMIT_RESET_ADDRESS: '20/1h' };
  system = await startSystem({ instances: 2, env });
  [api, other] = system.both;
});
afterAll(() => system.stop());

const register = (extra: object = {}, at = api): Promise<GatedAnswer> =>
  at.post('/v1/auth/register', { phone: nextPhone(), password: PASSWORD, ...extra });

/** Rows that a look at an account, a hash or a message would leave, and the statements that were run. */
async function traces(): Promise<unknown> {
  const tables = ['registrations', 'otp_attempts', 'failure_budgets', 'rate_limits', 'gate_answers', 'audit_log'];
  const counts = tables.map((table) => `(SELECT count(*) FROM ${table}) AS ${table}`).join(', ');
  return (await system.database.query(`SELECT ${counts}`)).rows[0];
}

it('403 says what to do, the answer opens the gate once, on either instance', async () => {
  const refused = await register();
  expect(refused.headers.get('content-type')).toContain('application/problem+json');
  expect(refused.body).toMatchObject({
    code: 'gate_required',
    errors: [{ pointer: '/gateToken', code: 'required' }],
    gate: { kind: 'proof_of_work', difficulty: 8 },
  });
  const gateToken = solve(refused.body.gate);
  expect(passage(await register({ gateToken }, other))).toBe('202');
  for (const at of [api, other]) expect(passage(await register({ gateToken }, at))).toBe('403 gate_required used');
  // Another number answers the same puzzle; it is the puzzle that is spent.
  const again = solve(refused.body.gate, Number(gateToken.split('.').at(-1)) + 1);
  expect(passage(await register({ gateToken: again }))).toBe('403 gate_required used');
});

it('a page may ask beforehand, and the main job goes on behind the gate as ever', async () => {
  expect(await gateAt(api, 'register')).toMatchObject({ kind: 'proof_of_work', difficulty: 8 });
  const person = new Person(system, nextPhone());
  await person.joined({ gateToken: await solved(other) });
  await person.again();
  expect((await api.get('/v1/auth/gate?purpose=login')).status).toBe(400);
});

it('what is forged, of another purpose, too old, unsolved or no token at all does not open it', async () => {
  const gate = await gateAt(api, 'register');
  const good = solve(gate ?? { kind: 'none' });
  const [mark, key, purpose, expires, , ...rest] = good.split('.');
  const easier = [mark, key, purpose, expires, '4', ...rest].join('.');
  const elsewhere = await solved(api, 'password_forgot');
  for (const gateToken of [easier, elsewhere, `${good}0x`, 'XXXX.DUMMY.TOKEN.XXXX', 'a'.repeat(8192)]) {
    expect([gateToken.slice(0, 20), passage(await register({ gateToken }))]).toEqual([
      gateToken.slice(0, 20),
      '403 gate_required invalid',
    ]);
  }
  for (const gateToken of ['', 'a'.repeat(8193), 'with space', 'ü', 7, {}]) {
    expect((await register({ gateToken })).body.code).toBe('validation_failed');
  }
  system.clock.advance(301);
  expect(passage(await register({ gateToken: good }))).toBe('403 gate_required expired');
});

it('a slip that costs nothing to refuse spends no token; behind the gate nothing is given back', async () => {
  const gateToken = await solved(api);
  expect((await register({ gateToken, phone: '+1' })).body.code).toBe('phone_not_supported');
  expect((await register({ gateToken, password: 'short' })).body.code).toBe('password_too_short');
  expect(passage(await register({ gateToken }))).toBe('403 gate_required used');
});

it('A55, A76: a reset is refused and let through alike for a known, an unknown and an impossible name, and leaves nothing when refused', async () => {
  const person = new Person(system, nextPhone());
  await person.joined({ gateToken: await solved(api) });
  const names = [person.phone, nextPhone(), 'nobody@example.com', 'no name at all'];
  const before = await traces();
  const shut = await Promise.all(names.map((name) => askReset(api, name)));
  const forged = await Promise.all(names.map((name) => askReset(api, name, { gateToken: 'forged' })));
  for (const answers of [shut, forged]) {
    const faces = answers.map(({ status, headers, body, text }) => {
      const { gate, code, errors } = body;
      const members = [Object.keys(body), Object.keys(gate), gate.kind, gate.difficulty];
      return JSON.stringify([status, [...headers.keys()], code, errors, members, text.length]);
    });
    expect(new Set(faces).size).toBe(1);
  }
  expect(await traces()).toEqual(before);
  for (const name of names) {
    const { status, body } = await askReset(api, name, { gateToken: await solved(api, 'password_forgot') });
    expect([status, body.methods, body.purpose]).toEqual([202, ['sms'], 'reset']);
  }
});

it('who only learns what to do has not used up a try; who presents something has', async () => {
  for (let asked = 0; asked < 25; asked += 1)
    expect(passage(await askReset(other, 'me'))).toBe('403 gate_required required');
  for (let tried = 0; tried < 20; tried += 1) {
    expect(passage(await askReset(other, 'me', { gateToken: 'forged' }))).toBe('403 gate_required invalid');
  }
  expect(passage(await askReset(other, 'me', { gateToken: 'forged' }))).toBe('429 rate_limited');
});

it('what was passed with is kept as a digest, and no longer than it is good for', async () => {
  const gateToken = await solved(other);
  expect(passage(await register({ gateToken }, other))).toBe('202');
  const { rows } = await system.database.query<{ digest: Buffer; expires_at: Date }>('SELECT * FROM gate_answers');
  for (const { digest, expires_at: end } of rows) {
    expect(digest).toHaveLength(32);
    expect(end.getTime()).toBeLessThanOrEqual(system.clock.now().getTime() + 360_000);
  }
  expect(system.logs()).not.toContain(gateToken);
});
