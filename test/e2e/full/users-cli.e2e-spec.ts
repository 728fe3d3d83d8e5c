// users, by the command line: the same accounts, changes and refusals as by the admin API (test/e2e/admin-users), and in the audit log
// the account of the operating system.
import { cliRecords, runCli } from '../../support/cli';
import { kind, refreshAt } from '../../support/credentials';
import { startSystem, type System } from '../../support/instance';
import { actsOn, newAccount, Operator, USERS } from '../../support/operator';
import { phoneNumbers } from '../../support/person';
import { askRebind, prove, stateOf } from '../../support/rebinds';

const REASON = 'stolen, ticket 4711';

describe('accounts by the command line', () => {
  let system: System;
  let operator: Operator;
  const nextPhone = phoneNumbers();

  beforeAll(async () => {
    system = await startSystem();
    operator = new Operator(system);
  });
  afterAll(() => system.stop());

  const newPerson = (extra = {}) => newAccount(system, nextPhone(), extra);
  const users = (...args: string[]) => cliRecords(system.env, 'users', ...args);

  it('are found and shown as the admin API shows them, session by session', async () => {
    const email = 'cli@example.com';
    const { person, id } = await newPerson({ email });
    const shown: unknown = (await operator.ask('GET', `${USERS}/${id}`)).body;
    for (const who of [person.phone, email, id]) expect(await users('find', who)).toEqual([shown]);
    expect(await users('show', id)).toEqual([shown]);
    const { items } = (await operator.ask('GET', `${USERS}/${id}/sessions`)).body;
    expect(await users('sessions', id)).toEqual(items);
    const { stdout } = await runCli(system.env, ['users', 'find', 'nobody@example.com']);
    expect(stdout).toBe('there is nobody\n');
  });

  it('are disabled, enabled, signed out and made to change their password, and the log says by whom and why', async () => {
    const { person, tokens, id } = await newPerson();
    const [disabled] = await users('disable', id, '--reason', REASON, '--operator', 'Ada');
    expect(disabled).toEqual((await operator.ask('GET', `${USERS}/${id}`)).body);
    expect(disabled).toMatchObject({ status: 'disabled' });
    expect(kind(await refreshAt(system.api, tokens))).toBe('401 token_invalid');
    expect(kind(await person.login())).toBe('401 credentials_invalid');
    expect(await users('enable', id)).toEqual([expect.objectContaining({ status: 'active' })]);
    expect(await users('must-change', id)).toEqual([expect.objectContaining({ mustChangePassword: true })]);
    await users('end-sessions', id);
    await system.database.query('UPDATE users SET second_factor_consecutive = 100 WHERE id = $1', [id]);
    expect(await users('reopen-second-factor', id)).toEqual([expect.objectContaining({ secondFactorLocked: false })]);
    const by = expect.stringMatching(/^cli:[\w.-]+$/) as string;
    expect(await actsOn(system, id)).toEqual([
      { event: 'account_disabled', meta: { by, reason: REASON, operator: 'Ada' } },
      { event: 'account_enabled', meta: { by } },
      { event: 'password_change_demanded', meta: { by } },
      { event: 'sessions_ended_by_operator', meta: { by } },
      { event: 'second_factor_reopened', meta: { by } },
    ]);
  });

  it('get codes for a new password and for a new number; the command prints the token and no code', async () => {
    const { person, id } = await newPerson();
    const before = await system.phone.newest(person.phone);
    const [reset] = await users('start-reset', id);
    const resetCode = await system.phone.codeFor(person.phone, { after: before });
    expect(reset).toMatchObject({ id, challengeToken: expect.stringMatching(/^rs6_/) as string });
    expect(JSON.stringify(reset)).not.toContain(resetCode);

    const phone = nextPhone();
    const [rebind] = await users('rebind-phone', id, phone, '--reason', REASON);
    const token = String(rebind?.['challengeToken']);
    const code = await system.phone.codeFor(phone);
    expect(rebind).toMatchObject({ userId: id, state: 'needs_code', reason: REASON });
    expect(JSON.stringify(rebind)).not.toMatch(new RegExp(`${code}|\\${phone}`));
    expect((await prove(system.api, { token, code })).status).toBe(200);
    expect(await users('show-rebind', id)).toEqual([expect.objectContaining({ state: 'waiting' })]);
    await users('cancel-rebind', id);
    expect(await stateOf(operator, id)).toBe('cancelled');
  });

  it.each([
    ['an account that is none', ['disable', '00000000-0000-4000-8000-000000000000'], /not_found/],
    ['what is no id', ['show', 'nobody'], /not_found/],
    ['a move without a reason', ['rebind-phone', '00000000-0000-4000-8000-000000000000', '+14155550100'], /reason/],
    ['a reason of two lines', ['enable', '00000000-0000-4000-8000-000000000000', '--reason', 'a\nb'], /reason/],
  ])('refuse %s in one line on stderr, with exit code 1', async (_, args, named) => {
    const { code, stdout, stderr } = await runCli(system.env, ['users', ...args]);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^latchkey: [^\n]+\n$/);
    expect(stderr).toMatch(named);
  });

  it('a move that a colleague has begun is approved, and with it goes the code; by nobody who has begun it', async () => {
    const env = { ...system.env, PHONE_REBIND_OPERATORS: '2' };
    await system.restart(0, { PHONE_REBIND_OPERATORS: '2' });
    const { tokens, id } = await newPerson();
    const own = ['users', 'rebind-phone', id, nextPhone(), '--reason', REASON];
    expect(await cliRecords(env, ...own)).toMatchObject([{ state: 'needs_approval', challengeToken: null }]);
    const self = await runCli(env, ['users', 'approve-rebind', id, '--operator', 'Grace']);
    expect([self.code, self.stderr]).toEqual([1, expect.stringMatching(/^latchkey: conflict[^\n]*same/)]);
    expect((await refreshAt(system.api, tokens)).status).toBe(200);

    const phone = nextPhone();
    const begun = await askRebind(new Operator(system), id, phone);
    expect(begun.body.state).toBe('needs_approval');
    const other = await runCli(env, ['users', 'approve-rebind', id, nextPhone()]);
    expect([other.code, other.stderr]).toEqual([1, expect.stringMatching(/^latchkey: conflict[^\n]*different/)]);
    const [approved] = await cliRecords(env, 'users', 'approve-rebind', id, phone);
    expect(approved).toMatchObject({ state: 'needs_code' });
    expect(kind(await refreshAt(system.api, tokens))).toBe('401 token_invalid');
    const code = await system.phone.codeFor(phone);
    const proof = await prove(system.api, { token: String(approved?.['challengeToken']), code });
    expect(proof.status).toBe(200);
  });
});
