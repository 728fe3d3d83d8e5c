// @latchkey/client and answers that are slow, lost, or made by something between: only Latchkey ends a session, and only a logout that
// Latchkey has confirmed is told as one.
import type { LatchkeyClient } from '@latchkey/client';
import { setTimeout as sleep } from 'node:timers/promises';
import { startSystem, type System } from '../../support/instance';
import { phoneNumbers } from '../../support/person';
import { clientOf, codeOf, joins, reusesAt, signedInAt, Wire } from '../support/people';

const nextPhone = phoneNumbers();
let system: System;

beforeAll(async () => {
  system = await startSystem({ env: { LIMIT_UNAUTHENTICATED: 'off', LIMIT_SESSION: 'off' } });
});
afterAll(() => system.stop());

const signedIn = () => signedInAt(system, nextPhone());
const answer = (status: number, body: unknown) => () =>
  Promise.resolve(new Response(typeof body === 'string' ? body : JSON.stringify(body), { status }));
const problem = (status: number, code: string) =>
  answer(status, { type: `urn:latchkey:problem:${code}`, title: code, status, code });
const lost = () => Promise.reject(new TypeError('fetch failed'));

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

describe('logout in cookie mode', () => {
  async function pageOf() {
    const wire = new Wire();
    const client = clientOf(system, { delivery: 'cookie', fetch: wire.fetch });
    await joins(client, system, nextPhone());
    const heard: unknown[] = [];
    client.subscribe((user) => heard.push(user));
    return { client, wire, heard };
  }

  it.each([
    ['network', 'that is lost', lost],
    ['not_ready', 'that Latchkey cannot carry out', problem(503, 'not_ready')],
    ['forbidden_origin', 'from an origin that is not allowed', problem(403, 'forbidden_origin')],
    ['bad_answer', 'that a proxy answers with a page', answer(200, '<html>')],
    ['bad_answer', 'that a proxy answers with JSON', answer(200, {})],
    ['bad_answer', 'that a proxy refuses', answer(401, '<html>')],
  ])('says %s for one %s, and the person is still signed in', async (code, _case, instead) => {
    const { client, wire, heard } = await pageOf();
    wire.between = at('/v1/auth/logout', instead);
    expect(await codeOf(client.logout())).toBe(code);
    expect(heard).toEqual([]);
    expect((await client.restore())?.id).toBe((await client.me()).id);
    wire.between = undefined;
    expect(await codeOf(client.logout())).toBe('done');
    expect(heard).toEqual([null]);
    client.close();
  });

  it('is done when Latchkey knows of no session', async () => {
    const { client, wire, heard } = await pageOf();
    wire.between = at('/v1/auth/logout', problem(401, 'token_invalid'));
    expect(await codeOf(client.logout())).toBe('done');
    expect(heard).toEqual([null]);
    client.close();
  });

  it('everywhere is done when every session has ended, although the browser could not be told', async () => {
    const { client, wire, heard } = await pageOf();
    wire.between = at('/v1/auth/logout', lost);
    expect(await codeOf(client.logoutEverywhere())).toBe('done');
    expect(heard).toEqual([null]);
    client.close();
  });

  it('works after close, as everything else does', async () => {
    const { client } = await pageOf();
    client.close();
    expect(await codeOf(client.logout())).toBe('done');
  });
});

describe('logout in body mode', () => {
  it.each([
    ['network', 'is lost', lost],
    ['not_ready', 'cannot be carried out', problem(503, 'not_ready')],
    ['done', 'finds no session', problem(401, 'token_invalid')],
  ])('says %s when it %s, and this device is signed out', async (code, _case, instead) => {
    const { client, wire, storage } = await signedIn();
    wire.between = at('/v1/auth/logout', instead);
    expect(await codeOf(client.logout())).toBe(code);
    expect(await storage.load()).toBeNull();
    expect(await codeOf(client.me())).toBe('signed_out');
  });

  it('everywhere is done when every session has ended, and throws when that is not known', async () => {
    const { client, wire, storage } = await signedIn();
    wire.between = at('/v1/auth/logout-all', lost);
    expect(await codeOf(client.logoutEverywhere())).toBe('network');
    expect(await storage.load()).not.toBeNull();
    wire.between = at('/v1/auth/logout', lost);
    expect(await codeOf(client.logoutEverywhere())).toBe('done');
    expect(await storage.load()).toBeNull();
  });
});
