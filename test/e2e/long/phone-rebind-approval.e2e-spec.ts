// PHONE_REBIND_OPERATORS=2: a move of an account to another number is begun by one operator and agreed to by another (ADR 50).
import { clientRecords } from '../../support/client-records';
import { kind, refreshAt } from '../../support/credentials';
import { startSystem, type System } from '../../support/instance';
import { actsOn, anotherOperator, newAccount, Operator, operatorByCli, USERS } from '../../support/operator';
import { Person, phoneNumbers } from '../../support/person';
import { askRebind, endWaits, prove, stateOf, WAIT_SECONDS, WHY } from '../../support/rebinds';

const nextPhone = phoneNumbers();
let system: System;
let operator: Operator;
let colleague: Operator;

beforeAll(async () => {
  system = await startSystem({ env: { PHONE_REBIND_OPERATORS: '2' } });
  operator = new Operator(system);
  colleague = await operatorByCli(system, 'colleague');
});
afterAll(() => system.stop());

/** All that is on record is older than what the audit log keeps, and what may go has gone. */
async function muchLater({ database }: System): Promise<void> {
  await database.query(`ALTER TABLE audit_log DISABLE TRIGGER USER;
    UPDATE audit_log SET at = at - interval '500 days';
    ALTER TABLE audit_log ENABLE TRIGGER USER;
    SELECT audit_log_expire(100000)`);
}

const by = 'client:development-admin';
const approve = (by: Operator, id: string, body = {}) => by.act(id, 'rebind-phone/approve', body);

it('nothing happens before a second operator has agreed, who is not the first', async () => {
  const { tokens, id } = await newAccount(system, nextPhone());
  const phone = nextPhone();
  const asked = await askRebind(operator, id, phone);
  expect([asked.body.state, asked.body.challenge]).toEqual(['needs_approval', null]);
  expect((await refreshAt(system.api, tokens)).status).toBe(200);
  const self = await approve(operator, id, { operator: 'somebody else' });
  expect([self.status, self.body.errors]).toEqual([409, [{ pointer: '/operator', code: 'same' }]]);
  const after = await system.phone.newest(phone);
  const { body } = await approve(colleague, id);
  expect(body.state).toBe('needs_code');
  expect(kind(await refreshAt(system.api, tokens))).toBe('401 token_invalid');
  const code = await system.phone.codeFor(phone, { after });
  expect((await prove(system.api, { token: body.challenge?.challengeToken ?? '', code })).status).toBe(200);
  system.clock.advance(WAIT_SECONDS + 1);
  await endWaits(system);
  system.clock.advance(31);
  expect((await new Person(system, phone).again()).user['id']).toBe(id);
  expect(await actsOn(system, id)).toEqual([
    { event: 'phone_rebind_requested', meta: { by, ...WHY } },
    { event: 'phone_rebind_started', meta: { by: 'client:colleague' } },
    { event: 'phone_rebind_completed', meta: { by, approvedBy: 'client:colleague' } },
  ]);
});

it('a number that somebody has taken meanwhile is agreed to by nobody: it gets no code, and the account stays signed in', async () => {
  const { tokens, id } = await newAccount(system, nextPhone());
  const phone = nextPhone();
  await askRebind(operator, id, phone);
  await new Person(system, phone).joined();
  const messages = await system.phone.messages(phone);
  const refused = await approve(colleague, id);
  expect([refused.status, refused.body.errors]).toEqual([409, [{ pointer: '/phone', code: 'taken' }]]);
  expect((await refreshAt(system.api, tokens)).status).toBe(200);
  expect(await system.phone.messages(phone)).toEqual(messages);
});

it('agreed to twice is agreed to once; what was called off is agreed to no more', async () => {
  const { id } = await newAccount(system, nextPhone());
  await askRebind(operator, id, nextPhone());
  for (let turn = 0; turn < 2; turn += 1) {
    expect((await approve(colleague, id)).body.state).toBe('needs_code');
    system.clock.advance(31);
  }
  expect((await actsOn(system, id)).map(({ event }) => event)).toEqual([
    'phone_rebind_requested',
    'phone_rebind_started',
  ]);
  expect((await operator.ask('DELETE', `${USERS}/${id}/rebind-phone`)).status).toBe(204);
  const late = await approve(colleague, id);
  expect([late.status, late.body.errors]).toEqual([409, [{ pointer: '/state', code: 'cancelled' }]]);
  expect(await stateOf(operator, id)).toBe('cancelled');
});

it('who names the number agrees to that one: another, with the same last digits, that the first has put in its place meanwhile is not moved to', async () => {
  const { tokens, id } = await newAccount(system, nextPhone());
  const seen = nextPhone();
  const swapped = `${seen.slice(0, -5)}${(Number(seen.at(-5)) + 1) % 10}${seen.slice(-4)}`;
  await askRebind(operator, id, seen);
  await askRebind(operator, id, swapped);
  const refused = await approve(colleague, id, { phone: seen });
  expect([refused.status, refused.body.errors]).toEqual([409, [{ pointer: '/phone', code: 'different' }]]);
  expect((await refreshAt(system.api, tokens)).status).toBe(200);
  expect(await system.phone.messages(swapped)).toEqual([]);
  expect((await approve(colleague, id, { phone: 'no number' })).status).toBe(422);
  const spaced = `${swapped.slice(0, 5)} ${swapped.slice(5)}`;
  expect((await approve(colleague, id, { phone: spaced })).body.state).toBe('needs_code');
});

describe('a second operator is none whom the first may be: whoever has made a key, has it', () => {
  const refusedTo = async (first: Operator, second: Operator) => {
    const { id } = await newAccount(system, nextPhone());
    expect((await askRebind(first, id, nextPhone())).body.state).toBe('needs_approval');
    const { status, body } = await approve(second, id);
    return status === 409 ? body.errors : body.state;
  };
  const same = [{ pointer: '/operator', code: 'same' }];
  const rotated = async (who: Operator, clientId: string) => {
    const { body } = await who.ask('POST', `/v1/admin/clients/${clientId}/rotate-secret`);
    return new Operator(system, (body as unknown as { secret: string }).secret);
  };

  it('a key that the first has made by the admin API, at whatever remove, and one that has made the first', async () => {
    const made = await anotherOperator(system, 'made');
    const further = await anotherOperator(system, 'further', made);
    expect(await refusedTo(operator, made)).toEqual(same);
    expect(await refusedTo(made, operator)).toEqual(same);
    expect(await refusedTo(operator, await rotated(made, 'made'))).toEqual(same);
    expect(await refusedTo(operator, further)).toEqual(same);
    expect(await refusedTo(operator, await rotated(further, 'made'))).toEqual(same);
    expect(await refusedTo(further, await anotherOperator(system, 'sibling'))).toEqual(same);
    expect(await refusedTo(colleague, further)).toBe('needs_code');
  });

  it('for as long as both keys are good: that one has made the other is on record longer than other events', async () => {
    const made = await anotherOperator(system, 'long-ago');
    await operatorByCli(system, 'given-anew');
    await rotated(operator, 'given-anew');
    const own = await operatorByCli(system, 'given-anew', 'rotate-secret');
    await muchLater(system);
    expect(await refusedTo(operator, made)).toEqual(same);
    expect(await refusedTo(operator, own)).toBe('needs_code');
  });

  it('a key that was given a new secret by the first, until the command line has given it another', async () => {
    await operatorByCli(system, 'lent');
    expect(await refusedTo(operator, await rotated(operator, 'lent'))).toEqual(same);
    const own = await operatorByCli(system, 'lent', 'rotate-secret');
    expect(await refusedTo(operator, own)).toBe('needs_code');
    expect(await refusedTo(operator, await rotated(own, 'lent'))).toBe('needs_code');
  });

  it('the key of an app that the first has made an operator, until the command line has given it a secret', async () => {
    const [{ secret = '' } = {}] = await clientRecords(system, 'create', '--client-id', 'app');
    const promoted = await operator.ask('PATCH', '/v1/admin/clients/app', { scopes: ['admin'] });
    expect(promoted.status).toBe(200);
    expect(await refusedTo(operator, new Operator(system, secret))).toEqual(same);
    const own = await operatorByCli(system, 'app', 'rotate-secret');
    expect(await refusedTo(operator, own)).toBe('needs_code');
    for (const each of ['app', 'colleague']) await clientRecords(system, 'update', each, '--scope', 'admin');
    expect(await refusedTo(colleague, own)).toBe('needs_code');
  });
});
