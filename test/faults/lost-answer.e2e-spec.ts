// A35: the answer to a refresh is lost on the way, between client and API. Asked again with the same token within 10 s, the client
// has what it would have had; later the session ends, since nobody can tell it from theft.
import { refreshAt } from '../support/credentials';
import { startSystem, type System } from '../support/instance';
import { ApiClient, type TokensBody } from '../support/api-client';
import { Person, phoneNumbers } from '../support/person';
import { sessionIdOf } from '../support/sessions';
import { TcpProxy } from '../support/tcp-proxy';

const nextPhone = phoneNumbers();
let system: System;
let proxy: TcpProxy;

beforeAll(async () => {
  system = await startSystem({ env: { LIMIT_UNAUTHENTICATED: 'off', JWT_ISSUER: 'https://id.example' } });
  proxy = await TcpProxy.to(system.api.url);
});
afterAll(async () => {
  await proxy.close();
  await system.stop();
});

/** The client sees a connection that breaks; the API has done what was asked. */
async function refreshedInVain(tokens: TokensBody): Promise<void> {
  await proxy.become('mute');
  const swallowed = proxy.answerSwallowed();
  const lost = refreshAt(new ApiClient(proxy.through(system.api.url).replace(/\/$/, '')), tokens);
  await swallowed;
  await proxy.become('pass');
  await expect(lost).rejects.toThrow();
}

async function recorded(event: string, sessionId: string): Promise<number> {
  const sql = 'SELECT count(*)::int AS n FROM audit_log WHERE event = $1 AND session_id = $2';
  return (await system.database.query<{ n: number }>(sql, [event, sessionId])).rows[0]?.n ?? -1;
}

it('A35: asked again within the grace, by a client that heard nothing, it is a pair that works, and one change', async () => {
  const first = await new Person(system, nextPhone()).joined();
  await refreshedInVain(first);
  system.clock.advance(8);
  const again = await refreshAt(system.api, first);
  expect(again.status).toBe(200);
  expect((await system.api.get('/v1/users/me', { token: again.body.accessToken })).status).toBe(200);
  expect((await refreshAt(system.api, again.body)).status).toBe(200);
  expect(await recorded('session_renewed', sessionIdOf(first))).toBe(2);
  expect(await recorded('authn_token_reuse', sessionIdOf(first))).toBe(0);
});

it('A35: asked again after the grace it is taken for theft', async () => {
  const first = await new Person(system, nextPhone()).joined();
  await refreshedInVain(first);
  system.clock.advance(11);
  expect((await refreshAt(system.api, first)).body.code).toBe('refresh_reused');
  expect((await system.api.get('/v1/users/me', { token: first.accessToken })).status).toBe(401);
  expect(await recorded('authn_token_reuse', sessionIdOf(first))).toBe(1);
});
