// @latchkey/client against a running system: a session renews itself once and is never lost.
import { memoryStorage, type TokenStorage } from '@latchkey/client';
import { startSystem, type System } from '../../support/instance';
import { phoneNumbers } from '../../support/person';
import { clientOf, codeOf, joins, sessionText, signedInAt, Wire } from '../support/people';

const nextPhone = phoneNumbers();
let system: System;

beforeAll(async () => {
  system = await startSystem({
    env: { LIMIT_UNAUTHENTICATED: 'off', LIMIT_SESSION: 'off', LIMIT_REFRESH_FAMILY: 'off', LIMIT_STATUS: 'off' },
  });
});
afterAll(() => system.stop());

const signedIn = (storage?: TokenStorage) => signedInAt(system, nextPhone(), storage);

describe('a session', () => {
  it('is renewed before its access token ends, once for any number of calls at once', async () => {
    const { client, wire } = await signedIn();
    system.clock.advance(571);
    await Promise.all(Array.from({ length: 20 }, () => client.me()));
    expect(wire.refreshes()).toBe(1);
    expect(new Set(wire.statuses('/v1/users/me'))).toEqual(new Set([200]));
  });

  it('is renewed once when many calls are answered 401 at once, and each call is repeated once', async () => {
    const wire = new Wire();
    const stopped = system.clock.now().getTime();
    const client = clientOf(system, { fetch: wire.fetch, now: () => stopped }); // its clock does not tell that time has passed
    await joins(client, system, nextPhone());
    wire.clear();
    system.clock.advance(700);
    await Promise.all(Array.from({ length: 20 }, () => client.me()));
    expect(wire.refreshes()).toBe(1);
    expect(wire.statuses('/v1/users/me').sort()).toEqual([
      ...Array<number>(20).fill(200),
      ...Array<number>(20).fill(401),
    ]);
  });

  it('is found again in its storage, by a client that is new', async () => {
    const { storage } = await signedIn();
    system.clock.advance(3600);
    const later = clientOf(system, { storage });
    const user = await later.restore();
    expect(user?.id).toBe((await later.me()).id);
    expect(await clientOf(system).restore()).toBeNull();
  });

  it('survives answers that are lost: the same successor is asked for again', async () => {
    const { client, wire } = await signedIn();
    let lost = 0;
    wire.between = async (path, send) => {
      const response = await send();
      if (path !== '/v1/auth/token/refresh' || lost === 2) return response;
      lost += 1;
      throw new TypeError('the connection broke after the server had answered');
    };
    for (let round = 0; round < 3; round += 1) {
      lost = 0;
      system.clock.advance(600);
      await client.me();
      expect(lost).toBe(2);
    }
  });

  it('survives a storage that fails: the newest refresh token is held, and stored with the next call', async () => {
    const inner = memoryStorage();
    let failing = false;
    const storage: TokenStorage = {
      ...inner,
      save: (text) => (failing ? Promise.reject(new Error('the disk is full')) : inner.save(text)),
    };
    const { client } = await signedIn(storage);
    const { refreshToken } = await sessionText(inner);
    failing = true;
    system.clock.advance(600);
    expect(await codeOf(client.me())).toBe('storage_failed');
    expect(await codeOf(client.me())).toBe('storage_failed');
    expect((await sessionText(inner)).refreshToken).toBe(refreshToken);
    failing = false;
    system.clock.advance(30);
    await client.me();
    expect((await sessionText(inner)).refreshToken).not.toBe(refreshToken);
    system.clock.advance(600);
    await client.me();
  });

  it('stores a new refresh token before its access token is used', async () => {
    const inner = memoryStorage();
    const order: string[] = [];
    const storage: TokenStorage = {
      ...inner,
      save: (text) => {
        order.push('stored');
        return inner.save(text);
      },
    };
    const { client, wire } = await signedIn(storage);
    order.length = 0;
    wire.between = (path, send) => {
      order.push(path);
      return send();
    };
    system.clock.advance(600);
    await client.me();
    expect(order).toEqual(['/v1/auth/token/refresh', 'stored', '/v1/users/me']);
  });

  it('goes on while Latchkey is away: the access token is used to its end, and nobody is signed out', async () => {
    const { client, wire, storage } = await signedIn();
    system.clock.advance(580);
    wire.between = (path, send) =>
      path === '/v1/auth/token/refresh' ? Promise.resolve(new Response('<html>bad gateway', { status: 502 })) : send();
    await client.me();
    system.clock.advance(40);
    expect(await codeOf(client.me())).toBe('bad_answer');
    wire.between = () => Promise.reject(new TypeError('fetch failed'));
    expect(await codeOf(client.me())).toBe('network');
    expect(await storage.load()).not.toBeNull();
    wire.between = undefined;
    await client.me();
  });

  it('that was ended elsewhere is over here: the listeners hear of it, the storage is empty', async () => {
    const { client, storage } = await signedIn();
    const heard: (string | null)[] = [];
    client.subscribe((user) => heard.push(user?.id ?? null));
    await system.database.query('UPDATE users SET auth_epoch = auth_epoch + 1');
    system.clock.advance(10);
    expect(await codeOf(client.me())).toBe('signed_out');
    expect(heard).toEqual([null]);
    expect(await storage.load()).toBeNull();
  });

  describe('carries out nothing in the name of somebody else who signs in meanwhile', () => {
    const nothing = () => Promise.resolve();

    it('when its access token is refused', async () => {
      const { client, wire, storage } = await signedIn();
      const other = clientOf(system, { storage });
      let change = async (): Promise<void> => {
        change = nothing;
        await other.logout();
        await joins(other, system, nextPhone());
      };
      wire.between = async (path, send) => {
        if (path === '/v1/users/me') await change();
        return send();
      };
      expect(await codeOf(client.updateMe({ displayName: 'Ada' }))).toBe('signed_out');
      expect((await other.me()).displayName).toBeNull();
      expect(wire.statuses('/v1/users/me')).toEqual([401]);
    });

    it('when its access token has ended', async () => {
      const shared = memoryStorage();
      let change = nothing;
      const looked = async () => {
        const text = await shared.load();
        await change();
        return text;
      };
      const { client, wire } = await signedIn({ ...shared, load: looked });
      const other = clientOf(system, { storage: shared });
      system.clock.advance(700);
      change = async () => {
        change = nothing;
        await other.logout();
        await joins(other, system, nextPhone());
      };
      expect(await codeOf(client.updateMe({ displayName: 'Ada' }))).toBe('signed_out');
      expect((await other.me()).displayName).toBeNull();
      expect(wire.statuses('/v1/users/me')).toEqual([]);
    });
  });

  it('ends with logout even while it is being renewed, and does not come back', async () => {
    for (let round = 0; round < 10; round += 1) {
      const { client, storage } = await signedIn();
      const { refreshToken } = await sessionText(storage);
      system.clock.advance(600);
      const outcomes = await Promise.all([codeOf(client.me()), codeOf(client.logout()), codeOf(client.me())]);
      expect(outcomes[1]).toBe('done');
      expect(await storage.load()).toBeNull();
      const answer = await system.api.post('/v1/auth/token/refresh', { refreshToken });
      expect(answer.status).toBe(401);
    }
  });

  it('is forgotten at logout although Latchkey cannot be told, and the application hears that', async () => {
    const { client, wire, storage } = await signedIn();
    wire.between = () => Promise.reject(new TypeError('fetch failed'));
    expect(await codeOf(client.logout())).toBe('network');
    expect(await storage.load()).toBeNull();
  });
});
