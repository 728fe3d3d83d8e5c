// @latchkey/client and answers that are slow, or made by something between: only Latchkey ends a session.
import type { LatchkeyClient } from '@latchkey/client';
import { setTimeout as sleep } from 'node:timers/promises';
import { startSystem, type System } from '../../support/instance';
import { phoneNumbers } from '../../support/person';
import { clientOf, codeOf, reusesAt, signedInAt, Wire } from '../support/people';

const nextPhone = phoneNumbers();
let system: System;

beforeAll(async () => {
  system = await startSystem({ env: { LIMIT_UNAUTHENTICATED: 'off', LIMIT_SESSION: 'off' } });
});
afterAll(() => system.stop());

const signedIn = () => signedInAt(system, nextPhone());
const answer = (status: number, body: unknown) => () =>
  Promise.resolve(new Response(typeof body === 'string' ? body : JSON.stringify(body), { status }));

/** Answers of that path only. */
const at =
  (path: string, instead: () => Promise<Response>): Wire['between'] =>
  (asked, send) =>
    asked === path ? instead() : send();

describe('an answer that is not Latchkey’s', () => {
  it.each([
    ['a page with 200', answer(200, '<html>')],
    ['JSON with 200', answer(200, { status: 'maintenance' })],
    ['nothing with 200', answer(200, '')],
    ['a page with 401', answer(401, '<html>401 Authorization Required')],
    ['JSON with 401, a code and a title', answer(401, { code: 'UNAUTHORIZED', title: 'no', status: 401 })],
    ['JSON with 409', answer(409, { code: 'busy' })],
  ])('to a renewal ends no session: %s', async (_case, instead) => {
    const { client, wire, storage } = await signedIn();
    const text = await storage.load();
    system.clock.advance(600);
    wire.between = at('/v1/auth/token/refresh', instead);
    expect(await codeOf(client.me())).toBe('bad_answer');
    expect(await storage.load()).toBe(text);
    wire.between = undefined;
    expect(await codeOf(client.me())).toBe('done');
  });

  it('to a renewal that has no refresh token leaves the one that is kept', async () => {
    const { client, wire } = await signedIn();
    const { id } = await client.me();
    system.clock.advance(600);
    const instead = answer(200, { accessToken: 'x', expiresIn: 600, user: { id } });
    wire.between = (path, send) => {
      wire.between = undefined;
      return path === '/v1/auth/token/refresh' ? instead() : send();
    };
    expect(await codeOf(client.me())).toBe('done');
    expect(wire.refreshes()).toBe(2);
  });

  it.each(['', 'null', '{}', '[]', '"x"', '{"accessToken":"a","expiresIn":600}'])(
    'to a sign-in signs nobody in: %j',
    async (body) => {
      const { client, wire, storage } = await signedIn();
      const text = await storage.load();
      wire.between = answer(200, body);
      expect(await codeOf(client.login({ identifier: 'ada', password: 'x' }))).toBe('bad_answer');
      expect(await codeOf(client.verify({ challengeToken: 'x', code: '000000' }))).toBe('bad_answer');
      expect(await storage.load()).toBe(text);
    },
  );

  it.each([
    ['/v1/users/me', (client: LatchkeyClient) => client.deleteAccount()],
    ['/v1/auth/logout-all', (client: LatchkeyClient) => client.logoutEverywhere()],
  ])('to %s is not taken for done', async (path, call) => {
    const { client, wire, storage } = await signedIn();
    wire.between = at(path, answer(200, { status: 'maintenance' }));
    expect(await codeOf(call(client))).toBe('bad_answer');
    expect(await storage.load()).not.toBeNull();
  });
});

describe('a renewal', () => {
  it('whose answers take longer than a first try is given succeeds with the last, and is no reuse', async () => {
    const { client, wire } = await signedIn();
    const before = await reusesAt(system);
    wire.between = async (path, send, signal) => {
      const response = await send();
      if (path === '/v1/auth/token/refresh') await sleep(3300, undefined, { signal }); // the link is slow
      return response;
    };
    system.clock.advance(600);
    expect(await codeOf(client.me())).toBe('done');
    wire.between = undefined;
    system.clock.advance(600);
    expect(await codeOf(client.me())).toBe('done');
    expect(await reusesAt(system)).toBe(before);
  });

  it('waits for no answer longer than timeoutMs', async () => {
    const { storage } = await signedIn();
    const wire = new Wire();
    const client = clientOf(system, { storage, fetch: wire.fetch, timeoutMs: 100 });
    wire.between = (_path, _send, signal) => sleep(60_000, answer(204, ''), { signal }).then((late) => late());
    system.clock.advance(600);
    await expect(client.me()).rejects.toMatchObject({ code: 'timeout', message: 'no answer within 100 ms' });
  });
});
