// Accounts by the operator's API: found, disabled, made to change their password, signed out, helped with a reset; who may, and what
// the audit log says of it. The command line does the same: test/e2e/full/users-cli.
import { kind, meAt, refreshAt, resetAt, NEW_PASSWORD } from '../support/credentials';
import { startSystem, type System } from '../support/instance';
import { actsOn, anotherOperator, newAccount, Operator, USERS } from '../support/operator';
import { Person, phoneNumbers } from '../support/person';

const REASON = 'asked by telephone, ticket 4711';

describe('accounts by the admin API', () => {
  let system: System;
  let operator: Operator;
  const nextPhone = phoneNumbers();

  beforeAll(async () => {
    system = await startSystem();
    operator = new Operator(system);
  });
  afterAll(() => system.stop());

  const newPerson = (extra = {}) => newAccount(system, nextPhone(), extra);
  const found = async (query: string) =>
    (await operator.ask('GET', `${USERS}?${query}`)).body.items.map(({ id }) => id);
  const statusesOf = async (person: Person) => kind(await person.login());

  it('are found by phone however it is written, by e-mail, by id, and page by page', async () => {
    const email = 'ada@example.com';
    const [one, two] = [await newPerson({ email }), await newPerson({ email })];
    const { phone } = one.person;
    for (const typed of [phone, `${phone.slice(0, 2)} (${phone.slice(2, 5)}) ${phone.slice(5)}`]) {
      expect([typed, await found(`phone=${encodeURIComponent(typed)}`)]).toEqual([typed, [one.id]]);
    }
    expect(await found('email=Ada@Example.com')).toEqual([one.id, two.id]);
    expect(await found(`id=${two.id}`)).toEqual([two.id]);
    expect(await found('limit=200')).toEqual(expect.arrayContaining([one.id, two.id]));
    const { body } = await operator.ask('GET', `${USERS}?email=${email}&limit=1`);
    expect([body.items.map(({ id }) => id), body.nextCursor]).toEqual([[one.id], one.id]);
    expect(await found(`email=${email}&limit=1&cursor=${one.id}`)).toEqual([two.id]);
    for (const nobody of ['phone=%2B14155550100', 'phone=x%00', 'email=%00@', 'id=1', "id='%20OR%201=1--", 'cursor=x'])
      expect([nobody, await found(nobody)]).toEqual([nobody, []]);
    const both = await operator.ask('GET', `${USERS}?email=${email}&id=${two.id}`);
    expect([both.status, both.body.errors]).toEqual([400, [{ pointer: '/id', code: 'one_filter_at_most' }]]);
  });

  it('are shown with their state and sessions, the number masked and nothing that is secret', async () => {
    const { person, id } = await newPerson({ deviceName: 'Pixel' });
    const { text, body } = await operator.ask('GET', `${USERS}/${id}`);
    expect(body).toMatchObject({ id, status: 'active', mustChangePassword: false, secondFactors: ['sms'] });
    const { body: sessions, text: listed } = await operator.ask('GET', `${USERS}/${id}/sessions`);
    expect(sessions.items).toEqual([expect.objectContaining({ deviceName: 'Pixel' })]);
    expect(text + listed).not.toMatch(new RegExp(`\\${person.phone}|hash|digest|\\$2`, 'i'));
  });

  it('A39, A54: disabled they have neither session, challenge nor login, look as ever to strangers, and come back without what was', async () => {
    const { person, tokens, id } = await newPerson();
    const login = await person.challenged('login');
    const done = await operator.act(id, 'disable', { reason: REASON });
    expect([done.status, done.body.status]).toEqual([200, 'disabled']);
    expect(kind(await meAt(system.api, tokens))).toBe('401 token_invalid');
    expect(kind(await refreshAt(system.api, tokens))).toBe('401 token_invalid');
    expect((await person.verify(login.token, login.code)).status).toBe(401);
    expect(await statusesOf(person)).toBe('401 credentials_invalid');
    expect((await system.api.post('/v1/auth/password/forgot', { identifier: person.phone })).status).toBe(202);
    expect(kind(await operator.act(id, 'start-reset'))).toBe('409 conflict');
    expect((await operator.act(id, 'disable')).body.status).toBe('disabled');

    expect((await operator.act(id, 'enable')).body.status).toBe('active');
    expect((await operator.act(id, 'enable')).status).toBe(200);
    expect(kind(await refreshAt(system.api, tokens))).toBe('401 token_invalid');
    system.clock.advance(31);
    expect((await person.login()).status).toBe(200);
    const by = 'client:development-admin';
    expect(await actsOn(system, id)).toEqual([
      { event: 'account_disabled', meta: { by, reason: REASON } },
      { event: 'account_enabled', meta: { by } },
    ]);
  });

  it('have to change a password that is known to others, and are signed out of it (ADR 38)', async () => {
    const { person, tokens, id } = await newPerson();
    const { status, body } = await operator.act(id, 'must-change');
    expect([status, body.mustChangePassword]).toEqual([200, true]);
    expect(kind(await meAt(system.api, tokens))).toBe('401 token_invalid');
    expect(await statusesOf(person)).toBe('403 password_change_required');
  });

  // ASVS 7.4.5
  it('are signed out everywhere, and can sign in again', async () => {
    const { person, tokens, id } = await newPerson();
    expect((await meAt(system.api, tokens)).status).toBe(200); // and is remembered to live, for seconds
    expect((await operator.endSessions(id)).status).toBe(204);
    expect(kind(await meAt(system.api, tokens))).toBe('401 token_invalid');
    expect(kind(await refreshAt(system.api, tokens))).toBe('401 token_invalid');
    expect((await operator.ask('GET', `${USERS}/${id}/sessions`)).body.items).toEqual([]);
    expect((await person.login()).status).toBe(200);
  });

  // ASVS 6.4.6
  it('ASVS 6.4.6: get a code for a new password of their own choice, idle ones too; the operator sees no code', async () => {
    const { person, id } = await newPerson();
    system.clock.advance(91 * 86_400);
    const after = await system.phone.newest(person.phone);
    const { status, body, text } = await operator.act(id, 'start-reset', { reason: REASON, operator: 'Ada' });
    expect([status, body.purpose]).toEqual([202, 'reset']);
    const code = await system.phone.codeFor(person.phone, { after });
    expect(text).not.toContain(code);
    expect((await resetAt(system.api, body.challengeToken, code)).status).toBe(204);
    expect((await new Person(system, person.phone, NEW_PASSWORD).login()).status).toBe(200);
    const meta = { by: 'client:development-admin', reason: REASON, operator: 'Ada' };
    expect(await actsOn(system, id)).toEqual([{ event: 'password_reset_started', meta }]);
    const logs = system.logs();
    for (const secret of [body.challengeToken, person.phone]) expect(logs).not.toContain(secret);
    expect(logs).not.toMatch(new RegExp(`\\b${code}\\b`));
  });

  it('get as many codes as their number may have; what was refused is not on record as done', async () => {
    const bounded = await startSystem({ env: { LIMIT_SMS_DESTINATION_ALL: '3/1d' } });
    try {
      const { id } = await newAccount(bounded, nextPhone());
      const answers: string[] = [];
      while (answers.at(-1) !== '429 rate_limited' && answers.length < 5)
        answers.push(kind(await new Operator(bounded).act(id, 'start-reset')));
      expect(answers).toEqual(['202', '202', '429 rate_limited']);
      expect((await actsOn(bounded, id)).map(({ event }) => event)).toEqual(Array(2).fill('password_reset_started'));
    } finally {
      await bounded.stop();
    }
  });

  it('without a number get no code: there is none to send it to', async () => {
    const { id } = await newPerson();
    await system.database.query('UPDATE users SET phone = NULL WHERE id = $1', [id]);
    const { status, body } = await operator.act(id, 'start-reset');
    expect([status, body.errors]).toEqual([409, [{ pointer: '/phone', code: 'missing' }]]);
    expect(await actsOn(system, id)).toEqual([]);
  });

  it('that no id can name are 404 like one that never was; a reason that is no line is 400', async () => {
    const { id: known } = await newPerson();
    for (const id of ['nobody', '%00', known.slice(1), '00000000-0000-4000-8000-000000000000']) {
      for (const what of ['disable', 'enable', 'must-change', 'start-reset'])
        expect([id, what, kind(await operator.act(id, what))]).toEqual([id, what, '404 not_found']);
      for (const path of ['', '/sessions'])
        expect([id, path, kind(await operator.ask('GET', `${USERS}/${id}${path}`))]).toEqual([
          id,
          path,
          '404 not_found',
        ]);
      expect(kind(await operator.endSessions(id))).toBe('404 not_found');
    }
    for (const reason of ['', ' ', 'a\nb', 'x'.repeat(501), 7])
      expect([reason, kind(await operator.act(known, 'disable', { reason }))]).toEqual([
        reason,
        '400 validation_failed',
      ]);
    for (const who of ['', ' ', 'a\nb', 'x'.repeat(101), 7])
      expect([who, kind(await operator.act(known, 'disable', { operator: who }))]).toEqual([
        who,
        '400 validation_failed',
      ]);
    expect((await operator.ask('GET', `${USERS}/${known}`)).body.status).toBe('active');
    expect(await actsOn(system, known)).toEqual([]);
    const longest = { reason: '\u{1f511}'.repeat(500), operator: '\u{1f511}'.repeat(100) };
    expect((await operator.act(known, 'must-change', longest)).status).toBe(200);
  });

  it('A94: are for keys with scope admin, on the admin port only; each key leaves its own name', async () => {
    const { tokens, id } = await newPerson();
    const made = await operator.ask('POST', '/v1/admin/clients', { name: 'Other', scopes: ['introspect'] });
    const other = new Operator(system, (made.body as unknown as { secret: string }).secret);
    const person = new Operator(system, tokens.accessToken);
    for (const [who, answer] of [
      [other, '403 insufficient_scope'],
      [person, '401 token_type_invalid'],
      [new Operator(system, ''), '401 token_invalid'],
    ] as const) {
      for (const what of ['disable', 'must-change', 'start-reset']) expect(kind(await who.act(id, what))).toBe(answer);
      expect(kind(await who.ask('GET', `${USERS}/${id}`))).toBe(answer);
      expect(kind(await who.endSessions(id))).toBe(answer);
    }
    expect((await system.api.get(`${USERS}/${id}`, { token: system.adminKey })).status).toBe(404);
    expect((await refreshAt(system.api, tokens)).status).toBe(200);
    await (await anotherOperator(system, 'helpdesk')).act(id, 'must-change');
    expect(await actsOn(system, id)).toEqual([{ event: 'password_change_demanded', meta: { by: 'client:helpdesk' } }]);
    const from = `SELECT FROM audit_log WHERE user_id = $1 AND event = 'password_change_demanded' AND address IS NOT NULL AND request_id IS NOT NULL`;
    expect((await system.database.query(from, [id])).rowCount).toBe(1);
  });
});
