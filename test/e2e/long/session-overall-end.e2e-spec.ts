// A37: a session ends thirty days after its sign-in, however lately it was used: from that moment it is none, wherever it is named.
import type { JsonObject, TokensBody } from '../../support/api-client';
import { kind, meAt, refreshAt } from '../../support/credentials';
import { startSystem, type System } from '../../support/instance';
import { basic, makeClientApp, postForm } from '../../support/oauth';
import { newcomer } from '../../support/person';
import { endAt, listAt, recordedOf, sessionIdOf } from '../../support/sessions';

const DAY_SECONDS = 86_400;
let system: System;

beforeAll(async () => {
  system = await startSystem();
});
afterAll(() => system.stop());

it('A37: at its overall end it is neither alive for its client app, nor listed, nor there to be ended', async () => {
  const { api, clock } = system;
  const app = await makeClientApp(system, { clientId: 'shop', scopes: ['introspect', 'revoke'] });
  const asApp = (path: string, token = '') =>
    postForm<JsonObject>(api, `/v1/oauth/${path}`, { token }, { authorization: basic(app) });
  const { person, tokens } = await newcomer(system, '+14152000001', { clientId: 'shop' });
  let session: TokensBody = tokens;
  for (const days of [6.9, 6.9, 6.9, 6.9, 2.399]) {
    clock.advance(days * DAY_SECONDS);
    session = (await refreshAt(api, session)).body;
  }
  const other = await person.again();
  const { accessToken, refreshToken } = session;
  const isActive = () =>
    Promise.all([accessToken, refreshToken].map(async (token) => (await asApp('introspect', token)).body['active']));
  expect(await isActive()).toEqual([true, true]);
  expect((await listAt(api, other)).items).toHaveLength(2);

  clock.advance(0.001 * DAY_SECONDS);

  expect(await isActive()).toEqual([false, false]);
  expect((await listAt(api, other)).items.map(({ id }) => id)).toEqual([sessionIdOf(other)]);
  expect([kind(await meAt(api, session)), kind(await refreshAt(api, session))]).toEqual(
    Array<string>(2).fill('401 token_invalid'),
  );
  expect((await asApp('revoke', refreshToken)).status).toBe(200);
  expect(kind(await endAt(api, other, sessionIdOf(session)))).toBe('404 not_found');
  expect(await recordedOf(system, sessionIdOf(session), 'session_logout')).toBe(0);
});
