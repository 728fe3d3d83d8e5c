// Sensitive routes want a person who proved both factors within 10 minutes (A100), and what the first of them, the change of the
// password, does to everything that stood before it (A42, A53). On two instances.
import type { ApiClient } from '../support/api-client';
import { BreachList } from '../support/breach-list';
import {
  askStepUp,
  changePassword,
  claimsOf,
  eventsOf,
  forgotten,
  kind,
  meAt,
  NEW_PASSWORD,
  noticed,
  opens,
  refreshAt,
  resetAt,
  stepUp,
  withCode,
} from '../support/credentials';
import { startSystem, type System } from '../support/instance';
import { limitsOff } from '../support/limits';
import { newcomer, PASSWORD, Person, phoneNumbers, wrongCodes } from '../support/person';

const nextPhone = phoneNumbers();
const FRESH_SECONDS = 600;
let system: System;
let here: ApiClient;
let there: ApiClient;
let breached: BreachList;

beforeAll(async () => {
  breached = await BreachList.start();
  system = await startSystem({
    instances: 2,
    env: {
      ...limitsOff('LIMIT_UNAUTHENTICATED', 'LIMIT_SMS_DESTINATION', 'LIMIT_SESSION', 'LIMIT_PASSWORD_ADDRESS'),
      JWT_ISSUER: 'https://id.example',
      LIMIT_PASSWORD_ACCOUNT: '5/15m',
      BREACHED_PASSWORDS_URL: breached.origin,
    },
  });
  [here, there] = system.both;
});
afterAll(async () => {
  await system.stop();
  await breached.stop();
});

const newPerson = () => newcomer(system, nextPhone());

const endOthers = (token: string) => here.request('DELETE', '/v1/auth/sessions', undefined, { token });
const endOne = (token: string, id: string) => here.request('DELETE', `/v1/auth/sessions/${id}`, undefined, { token });

describe('a sensitive route (A100)', () => {
  // ASVS 7.5.1
  it('is open for 10 minutes after password and code, a refresh does not prolong that, and says what to do then', async () => {
    const { tokens } = await newPerson();
    system.clock.advance(FRESH_SECONDS - 60);
    const renewed = (await refreshAt(here, tokens)).body;
    expect(claimsOf(renewed)['auth_time']).toBe(claimsOf(tokens)['auth_time']);
    expect((await endOthers(renewed.accessToken)).status).toBe(204);
    system.clock.advance(61);
    for (const refused of [
      await endOthers(renewed.accessToken),
      await endOne(renewed.accessToken, String(claimsOf(tokens)['sid'])),
      await changePassword(here, renewed.accessToken, PASSWORD),
    ]) {
      expect(refused.body).toMatchObject({ status: 403, code: 'step_up_required' });
      expect(refused.text).toContain('/v1/auth/step-up');
      expect(refused.headers.get('www-authenticate')).toMatch(/insufficient_user_authentication.*max_age="600"/);
    }
    expect((await meAt(here, renewed)).status).toBe(200);
  });

  it('opens after a step-up: the same session, a new auth_time that refreshes keep, no other token', async () => {
    const { person, tokens } = await newPerson();
    system.clock.advance(FRESH_SECONDS + 1);
    const current = (await refreshAt(here, tokens)).body;
    const { status, body } = await stepUp(person, current.accessToken);
    expect([status, body.refreshToken, body.user['id']]).toEqual([200, undefined, tokens.user['id']]);
    const [before, after] = [claimsOf(current), claimsOf(body)];
    expect([after['sid'], after['acr'], after['amr']]).toEqual([before['sid'], 'aal2', ['pwd', 'sms', 'mfa']]);
    expect(Number(after['auth_time']) - Number(before['auth_time'])).toBeGreaterThan(FRESH_SECONDS);
    expect((await endOthers(current.accessToken)).status).toBe(403);
    expect((await endOthers(body.accessToken)).status).toBe(204);
    const later = (await refreshAt(here, current)).body;
    expect(claimsOf(later)['auth_time']).toBe(after['auth_time']);
    expect((await eventsOf(system, person.phone)).slice(-4)).toEqual([
      'step_up_challenged',
      'step_up',
      'session_logout_others',
      'session_renewed',
    ]);
  });

  it('is shut to a session that a trusted device began, however young it is', async () => {
    const { tokens } = await newPerson();
    await system.database.query(`UPDATE sessions SET amr = ARRAY['pwd', 'td', 'mfa'] WHERE id = $1`, [
      claimsOf(tokens)['sid'],
    ]);
    const renewed = (await refreshAt(here, tokens)).body;
    expect(kind(await endOthers(renewed.accessToken))).toBe('403 step_up_required');
  });
});

describe('a step-up', () => {
  it('takes five codes, replaces the step-up before it, leaves a login alone, and is good for its own session only', async () => {
    const { person, tokens } = await newPerson();
    const login = await person.challenged('login');
    const first = await withCode(person, () => askStepUp(here, tokens.accessToken, PASSWORD));
    system.clock.advance(31);
    const { token, code } = await withCode(person, () => askStepUp(there, tokens.accessToken, PASSWORD));
    expect(kind(await person.verify(first.token, first.code))).toBe('401 code_expired');
    for (const [at, wrong] of wrongCodes(code, 4).entries()) {
      expect((await person.verify(token, wrong)).body.attemptsLeft).toBe(4 - at);
    }
    const renewed = await person.verify(token, code);
    expect(claimsOf(renewed.body)['sid']).toBe(claimsOf(tokens)['sid']);
    expect(kind(await person.verify(token, code))).toBe('401 code_expired');
    expect((await person.verify(login.token, login.code)).status).toBe(200);
  });

  it('gives nothing for a session that has ended meanwhile', async () => {
    const { person, tokens } = await newPerson();
    const { token, code } = await withCode(person, () => askStepUp(here, tokens.accessToken, PASSWORD));
    await here.post('/v1/auth/logout', { refreshToken: tokens.refreshToken });
    expect(kind(await person.verify(token, code))).toBe('401 token_invalid');
    expect(kind(await refreshAt(here, tokens))).toBe('401 token_invalid');
  });
});

describe('a change of the password', () => {
  // ASVS 6.3.7
  it('A42, N2: own session stays; other sessions, logins, step-ups and resets under way are dead, and the phone is told', async () => {
    const { person, tokens } = await newPerson();
    const other = await person.again();
    const login = await person.challenged('login');
    const step = await withCode(person, () => askStepUp(here, tokens.accessToken, PASSWORD));
    const reset = await forgotten(person);

    expect(await changePassword(here, tokens.accessToken, PASSWORD)).toMatchObject({ status: 204, text: '' });

    expect(kind(await person.verify(login.token, login.code))).toBe('401 code_expired');
    expect(kind(await person.verify(step.token, step.code))).toBe('401 code_expired');
    expect(kind(await resetAt(here, reset.token, reset.code, 'a third one, then'))).toBe('401 code_invalid');
    expect(kind(await meAt(here, other))).toBe('401 token_invalid');
    expect(kind(await refreshAt(there, other))).toBe('401 token_invalid');
    expect((await meAt(here, tokens)).status).toBe(200);
    expect((await refreshAt(there, tokens)).status).toBe(200);
    expect([await opens(person, PASSWORD), await opens(person, NEW_PASSWORD)]).toEqual([false, true]);
    expect(await noticed(system, person.phone, /password was changed/)).toMatch(/Not you\?/);
    const events = await eventsOf(system, person.phone);
    expect(events.filter((event) => event === 'authn_password_change')).toHaveLength(1);
  });

  // ASVS 2.2.3
  it('A53: without the current one, with a wrong one, or to the same one it is refused; ten wrong ones delay the account', async () => {
    const { person, tokens } = await newPerson();
    const change = (body: object) => here.post('/v1/users/me/password', body, { token: tokens.accessToken });
    expect(kind(await change({ newPassword: NEW_PASSWORD }))).toBe('400 validation_failed');
    expect((await changePassword(here, tokens.accessToken, PASSWORD, PASSWORD)).body).toMatchObject({
      code: 'validation_failed',
      errors: [{ pointer: '/newPassword', code: 'unchanged' }],
    });
    for (let count = 1; count <= 10; count += 1) {
      const { status } = await changePassword(here, tokens.accessToken, `not it ${count}`);
      expect(status).toBe(count <= 5 ? 401 : 429);
    }
    expect(await opens(person, PASSWORD)).toBe(false);
    system.clock.advance(2);
    expect((await changePassword(here, tokens.accessToken, PASSWORD)).status).toBe(204);
    expect(await opens(person, NEW_PASSWORD)).toBe(true);
  });

  it('A50, A51: goes by the rules of a registration, with the number of the person', async () => {
    const { person, tokens } = await newPerson();
    const to = async (password: string) =>
      kind(await changePassword(here, tokens.accessToken, PASSWORD, password)).split(' ');
    expect(await to('too short')).toEqual(['422', 'password_too_short']);
    expect(await to('unbelievable')).toEqual(['422', 'password_blocklisted']);
    expect(await to(person.phone)).toEqual(['422', 'password_blocklisted']);
  });

  // ASVS 6.2.12
  it('refuses a breached one by its first five digits alone; when the list is away it passes, and that is recorded', async () => {
    const { tokens } = await newPerson();
    const leaked = 'not-so-secret-garden-path';
    const unasked = `audit_log WHERE event = 'breach_check_failed'`;
    breached.add(leaked);
    expect(kind(await changePassword(here, tokens.accessToken, PASSWORD, leaked))).toBe('422 password_blocklisted');
    expect(kind(await new Person(system, nextPhone(), leaked).register())).toBe('422 password_blocklisted');
    expect(breached.asked.every((path) => /^\/range\/[0-9A-F]{5}$/.test(path))).toBe(true);
    // A busy machine may have let one of those take too long already.
    const { rows: earlier } = await system.database.query(`SELECT FROM ${unasked}`);
    for (const fault of ['garbage', '503', 'silent'] as const) {
      breached.fault = fault;
      const current = fault === 'garbage' ? PASSWORD : `${leaked}, before ${fault}`;
      const next = { garbage: '503', 503: 'silent', silent: 'the end' }[fault];
      expect((await changePassword(here, tokens.accessToken, current, `${leaked}, before ${next}`)).status).toBe(204);
    }
    breached.fault = undefined;
    const { rows } = await system.database.query<{ reason: string }>(`SELECT reason FROM ${unasked} ORDER BY id`);
    const told = rows.slice(earlier.length).map(({ reason }) => reason);
    expect(told).toEqual(['answered 200', 'answered 503', 'aborted']);
    expect((await meAt(here, tokens)).status).toBe(200);
  });
});
