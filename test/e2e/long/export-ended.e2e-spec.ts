// An export is read for as long as its reader takes: a reader that stands still keeps it open for hours. What it gives ends with the session
// that asked for it, on every instance (A38, A39).
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { ApiClient, TokensBody } from '../../support/api-client';
import { kind } from '../../support/credentials';
import { startSystem, type System } from '../../support/instance';
import { newcomer, phoneNumbers } from '../../support/person';

const nextPhone = phoneNumbers();
let system: System;
let here: ApiClient;
let there: ApiClient;

beforeAll(async () => {
  system = await startSystem({ instances: 2, env: { JWT_ISSUER: 'https://id.example' } });
  [here, there] = system.both;
});
afterAll(() => system.stop());

/** Far more than lies in the buffers between a server and a reader that does not read. */
const EVENTS = 12_000;
const LETTERS = 2000;

/** Somebody of whom there is so much on record that an export of it takes many pages. */
async function onRecord(): Promise<TokensBody> {
  const { tokens } = await newcomer(system, nextPhone());
  await system.database.query(
    `INSERT INTO audit_log (at, event, user_id, reason)
     SELECT $2::timestamptz + make_interval(secs => n / 1000.0), 'authn_login_fail', $1, repeat('x', ${LETTERS}) FROM generate_series(1, ${EVENTS}) n`,
    [tokens.user['id'], system.clock.now()],
  );
  return tokens;
}

/** Asks for an export, and reads nothing of it but its first bytes. */
async function halfRead({ accessToken }: TokensBody): Promise<Socket> {
  const { hostname, port } = new URL(here.url);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => undefined);
  socket.write(`GET /v1/users/me/export HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${accessToken}\r\n\r\n`);
  const [first] = (await once(socket, 'data')) as [Buffer];
  expect(first.toString()).toMatch(/^HTTP\/1\.1 200 /);
  socket.pause();
  return socket;
}

/** Goes on reading. @returns how much came until the end of the document, or until the server closed the connection */
async function readOn(socket: Socket): Promise<{ bytes: number; isWhole: boolean }> {
  let bytes = 0;
  let end = '';
  socket.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    end = (end + chunk.toString('latin1')).slice(-20);
    if (end.endsWith('\r\n0\r\n\r\n')) socket.end();
  });
  socket.resume();
  await once(socket, 'close');
  return { bytes, isWhole: end.endsWith('\r\n0\r\n\r\n') };
}

it('is whole to whoever reads it in the end, while the session lives', async () => {
  const socket = await halfRead(await onRecord());
  system.clock.advance(6);
  const { bytes, isWhole } = await readOn(socket);
  expect([isWhole, bytes > EVENTS * LETTERS]).toEqual([true, true]);
});

it.each(['here', 'there'])('A38: gives nothing more to a session that was ended meanwhile, %s', async (where) => {
  const tokens = await onRecord();
  const socket = await halfRead(tokens);
  const api = where === 'here' ? here : there;
  expect(kind(await api.post('/v1/auth/logout-all', {}, { token: tokens.accessToken }))).toBe('204');
  if (where === 'there') system.clock.advance(6);
  const { bytes, isWhole } = await readOn(socket);
  expect([isWhole, bytes < EVENTS * LETTERS]).toEqual([false, true]);
});
