// What a person sees and changes of their own account.
import type { JsonObject, ProblemBody, TokensBody } from '../../support/api-client';
import { kind, refreshAt } from '../../support/credentials';
import { startSystem, type System } from '../../support/instance';
import { Person, phoneNumbers } from '../../support/person';

const nextPhone = phoneNumbers();
let system: System;

beforeAll(async () => {
  system = await startSystem({ env: { LIMIT_UNAUTHENTICATED: 'off' } });
});
afterAll(() => system.stop());

async function newPerson(extra = {}): Promise<{ person: Person; tokens: TokensBody }> {
  const person = new Person(system, nextPhone());
  return { person, tokens: await person.joined(extra) };
}

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
