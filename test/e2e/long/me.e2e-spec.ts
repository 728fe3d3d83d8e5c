// What a person sees and changes of their own account.
import type { JsonObject, ProblemBody, TokensBody } from '../../support/api-client';
import { untilWaiting } from '../../races/burst';
import { claimsOf, kind, noticed, refreshAt } from '../../support/credentials';
import { recoveryCodes } from '../../support/factors';
import { startSystem, type System } from '../../support/instance';
import { newcomer, Person, phoneNumbers } from '../../support/person';
import { AuthenticatorApp } from '../../support/totp';

const nextPhone = phoneNumbers();
let system: System;

beforeAll(async () => {
  system = await startSystem({ env: { LIMIT_UNAUTHENTICATED: 'off' } });
});
afterAll(() => system.stop());

const newPerson = (extra = {}) => newcomer(system, nextPhone(), extra);

const read = ({ accessToken }: Pick<TokensBody, 'accessToken'>, query = '') =>
  system.api.get<JsonObject & ProblemBody>(`/v1/users/me${query}`, { token: accessToken });
const change = ({ accessToken }: TokensBody, body: object) =>
  system.api.request<JsonObject & ProblemBody>('PATCH', '/v1/users/me', body, { token: accessToken });

it('changes name and language, leaves what is absent, takes away what is null, and is on record without the words', async () => {
  const { tokens } = await newPerson({ displayName: 'Ada', locale: 'de' });
  expect((await change(tokens, { displayName: 'Ada Lovelace' })).body).toMatchObject({
    displayName: 'Ada Lovelace',
    locale: 'de',
  });
  expect((await change(tokens, { locale: 'fr-CA' })).body).toMatchObject({
    displayName: 'Ada Lovelace',
    locale: 'fr-CA',
  });
  expect((await change(tokens, {})).status).toBe(200);
  expect((await change(tokens, { displayName: null, locale: null })).body).toMatchObject({
    displayName: null,
    locale: null,
  });
  expect((await read(tokens)).body).toMatchObject({ displayName: null, locale: null });
  const { rows } = await system.database.query<{ n: number; text: string }>(
    `SELECT count(*)::int AS n, string_agg(a::text, ' ') AS text FROM audit_log a WHERE user_id = $1 AND event = 'profile_changed'`,
    [tokens.user['id']],
  );
  expect([rows[0]?.n, /Ada|fr-CA/.test(rows[0]?.text ?? '')]).toEqual([4, false]);
});

it.each<[object, string, string]>([
  [{ displayName: 'x'.repeat(101) }, '/displayName', 'max_length'],
  [{ displayName: 'a\nb' }, '/displayName', 'matches'],
  [{ displayName: 'half of a pair \ud83d' }, '/displayName', 'matches'],
  [{ displayName: 7 }, '/displayName', 'matches'],
  [{ locale: 'not a language' }, '/locale', 'matches'],
  [{ phone: '+14152009999' }, '/phone', 'unknown_field'],
  [{ emailVerified: true }, '/emailVerified', 'unknown_field'],
])('A81: refuses %j', async (body, pointer, code) => {
  const { tokens } = await newPerson();
  const answer = await change(tokens, body);
  expect([answer.status, answer.body.errors?.[0]?.pointer, answer.body.errors?.[0]?.code]).toEqual([
    400,
    pointer,
    code,
  ]);
});

it('shows the number masked, and in full only to somebody who has just proved both factors', async () => {
  const { person, tokens } = await newPerson();
  const masked = `+1******${person.phone.slice(-4)}`;
  expect((await read(tokens)).body['phone']).toBe(masked);
  expect((await read(tokens, '?include=phone')).body['phone']).toBe(person.phone);
  system.clock.advance(601);
  const { body } = await refreshAt(system.api, tokens);
  expect((await read(body)).body['phone']).toBe(masked);
  const stale = await read(body, '?include=phone');
  expect([kind(stale), stale.headers.get('www-authenticate')]).toEqual([
    '403 step_up_required',
    expect.stringContaining('max_age="600"'),
  ]);
  expect(kind(await read(tokens, '?include=passwordHash'))).toMatch(/^40[013] /);
});

type Export = Readonly<Record<string, readonly JsonObject[]>>;
const exported = ({ accessToken }: Pick<TokensBody, 'accessToken'>) =>
  system.api.get<Export & ProblemBody>('/v1/users/me/export', { token: accessToken });

describe('the export', () => {
  it('holds all that is held about the person, nothing of others and no secret, and is on record', async () => {
    const other = await newPerson({ displayName: 'Grace Hopper' });
    const { person, tokens } = await newPerson({ email: 'ada@example.org', displayName: 'Ada', deviceName: 'Pixel 9' });
    await person.challenged('login');
    const app = await AuthenticatorApp.enrolled(person, tokens.accessToken);
    const codes = await recoveryCodes(person, tokens.accessToken);
    await noticed(system, person.phone, /authenticator app/);

    const { status, headers, body, text } = await exported(tokens);

    expect([status, headers.get('content-type'), headers.get('cache-control')]).toEqual([
      200,
      'application/json; charset=utf-8', // ASVS 4.1.1
      'no-store',
    ]);
    expect(headers.get('content-disposition')).toBe('attachment; filename="account.json"');
    expect(body['accounts']).toMatchObject([
      {
        id: tokens.user['id'],
        phone: person.phone,
        email: 'ada@example.org',
        displayName: 'Ada',
        totpEnabled: true,
        recoveryCodesLeft: 10,
      },
    ]);
    expect(body['sessions']).toMatchObject([
      { id: claimsOf(tokens)['sid'], deviceName: 'Pixel 9', address: '127.0.0.1' },
    ]);
    expect(body['challenges']).toMatchObject([{ purpose: 'login', phone: person.phone }]);
    expect([body['authenticatorApps'], body['recoveryCodes']]).toMatchObject([[{}], [{}]]);
    expect(body['notices']?.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['totp_enabled', 'recovery_codes_made']),
    );
    const sources = body['deliveries']?.map(({ source, phoneMasked }) => [source, phoneMasked]);
    expect(sources).toEqual(
      expect.arrayContaining([
        ['code', `+1******${person.phone.slice(-4)}`],
        ['notice', `+1******${person.phone.slice(-4)}`],
      ]),
    );
    const events = body['auditEvents']?.map(({ event }) => event);
    expect(events).toEqual(
      expect.arrayContaining([
        'user_created',
        'login_challenged',
        'totp_enrolled',
        'recovery_generated',
        'notice_queued',
        'account_exported',
      ]),
    );
    for (const foreign of [other.person.phone, 'Grace', String(other.tokens.user['id']), app.secret, ...codes])
      expect(text).not.toContain(foreign);
    expect(text).not.toMatch(/"[^"]*(hash|digest|sealed|salt)[^"]*":|\$2[aby]\$/i);
  });

  it('A43: has no message of somebody else, though its reader has typed the ids of those as ids of sessions and devices', async () => {
    const other = await newPerson();
    await recoveryCodes(other.person, other.tokens.accessToken);
    await noticed(system, other.person.phone, /recovery codes/);
    const { tokens } = await newPerson();
    const foreign = 'SELECT id FROM notices WHERE phone = $1 UNION ALL SELECT id FROM otp_attempts WHERE phone = $1';
    const { rows } = await system.database.query<{ id: string }>(foreign, [other.person.phone]);
    expect(rows.length).toBeGreaterThan(1);
    for (const { id } of rows) {
      for (const kindOf of ['auth/sessions', 'users/me/trusted-devices']) {
        const answer = await system.api.request<ProblemBody>('DELETE', `/v1/${kindOf}/${id}`, undefined, {
          token: tokens.accessToken,
        });
        expect(kind(answer)).toBe('404 not_found');
      }
    }
    const { body, text } = await exported(tokens);
    expect(text).not.toContain(other.person.phone);
    expect([body['notices'], body['deliveries']]).toEqual([[], [expect.objectContaining({ source: 'code' })]]);
  });

  it('is whole however much there is, in the order of time, and nothing comes twice', async () => {
    const { tokens } = await newPerson();
    await system.database.query(
      `INSERT INTO audit_log (at, event, user_id, reason) SELECT $2::timestamptz + make_interval(secs => n / 7), 'authn_login_fail', $1, n::text FROM generate_series(1, 2345) n`,
      [tokens.user['id'], system.clock.now()],
    );
    const { body } = await exported(tokens);
    const ours = body['auditEvents']?.filter(({ event }) => event === 'authn_login_fail') ?? [];
    expect(new Set(ours.map(({ reason }) => reason)).size).toBe(2345);
    expect(ours).toHaveLength(2345);
    const times = ours.map(({ at }) => String(at));
    expect(times).toEqual([...times].sort());
  });

  it('A98: of a recycled number it has nothing of the account before', async () => {
    const before = await newPerson({ displayName: 'Somebody before' });
    await before.person.becomeIdle();
    system.clock.advance(31);
    const next = await new Person(system, before.person.phone, 'another-harbor-52-candle').joined();
    const { body, text } = await exported(next);
    expect(body['accounts']).toHaveLength(1);
    expect(body['deliveries']).toHaveLength(1);
    expect(text).not.toContain(String(before.tokens.user['id']));
    expect(text).not.toContain('Somebody before');
    const kept = `SELECT u.phone, u.display_name, count(a.id)::int AS released FROM users u LEFT JOIN audit_log a ON a.user_id = u.id
       AND a.event = 'phone_released' WHERE u.id = $1 GROUP BY u.id`;
    const { rows } = await system.database.query(kept, [before.tokens.user['id']]);
    expect(rows).toEqual([{ phone: null, display_name: 'Somebody before', released: 1 }]);
    expect(kind(await refreshAt(system.api, before.tokens))).toBe('401 token_invalid');
  });

  it('is made five times an hour', async () => {
    const { tokens } = await newPerson();
    for (let time = 0; time < 5; time += 1) expect((await exported(tokens)).status).toBe(200);
    const refused = await exported(tokens);
    expect([kind(refused), Number(refused.headers.get('retry-after')) > 3500]).toEqual(['429 rate_limited', true]);
    expect((await exported((await newPerson()).tokens)).status).toBe(200);
  });

  it('is made no oftener where several are asked for at the same moment', async () => {
    const { tokens } = await newPerson();
    for (let time = 0; time < 4; time += 1) expect((await exported(tokens)).status).toBe(200);
    const client = await system.database.connect();
    const answers: ReturnType<typeof exported>[] = [];
    try {
      await client.query(`BEGIN; SELECT FROM rate_limits WHERE key LIKE 'export:%' FOR UPDATE`);
      for (let time = 0; time < 3; time += 1) answers.push(exported(tokens));
      await untilWaiting(system, answers.length);
    } finally {
      await client.query('COMMIT');
      client.release();
    }
    expect((await Promise.all(answers)).map(kind).sort()).toEqual(['200', '429 rate_limited', '429 rate_limited']);
  });

  it('wants a fresh sign-in or step-up', async () => {
    const { tokens } = await newPerson();
    system.clock.advance(601);
    const { body } = await refreshAt(system.api, tokens);
    expect(kind(await exported(body))).toBe('403 step_up_required');
  });
});
