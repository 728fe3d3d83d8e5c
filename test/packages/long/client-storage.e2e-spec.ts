// @latchkey/client with storages that fail: tokens that Latchkey has issued are held, and nothing of somebody else is written over.
import { memoryStorage, webStorage } from '@latchkey/client';
import { startSystem, type System } from '../../support/instance';
import { PASSWORD, phoneNumbers } from '../../support/person';
import { FaultyStorage, fullStorageOf } from '../support/faulty-storage';
import { clientOf, codeOf, joins, reusesAt, signedInAt, Wire } from '../support/people';

const nextPhone = phoneNumbers();
let system: System;

beforeAll(async () => {
  system = await startSystem({
    env: { LIMIT_UNAUTHENTICATED: 'off', LIMIT_SESSION: 'off', LIMIT_SMS_DESTINATION: 'off' },
  });
});
afterAll(() => system.stop());

async function codeTo(phone: string, ask: () => Promise<{ challengeToken: string }>) {
  const after = await system.phone.newest(phone);
  const { challengeToken } = await ask();
  return { challengeToken, code: await system.phone.codeFor(phone, { after }) };
}

describe('tokens that Latchkey has issued', () => {
  it('survive a storage that cannot be read when they come with a renewal', async () => {
    const storage = new FaultyStorage();
    const { client, wire } = await signedInAt(system, nextPhone(), storage);
    const before = await reusesAt(system);
    wire.between = async (path, send) => {
      const response = await send();
      if (path === '/v1/auth/token/refresh') storage.failing.add('load');
      return response;
    };
    system.clock.advance(600);
    expect(await codeOf(client.me())).toBe('storage_failed');
    wire.between = undefined;
    system.clock.advance(11);
    storage.failing.clear();
    expect(await codeOf(client.me())).toBe('done');
    system.clock.advance(600);
    expect(await codeOf(client.me())).toBe('done');
    expect(await reusesAt(system)).toBe(before);
  });

  it('survive a storage that cannot be read when they come with a sign-in', async () => {
    const storage = new FaultyStorage();
    const client = clientOf(system, { storage });
    storage.failing.add('load').add('save');
    expect(await codeOf(joins(client, system, nextPhone()))).toBe('storage_failed');
    expect(await codeOf(client.me())).toBe('storage_failed');
    storage.failing.clear();
    expect((await client.restore())?.id).toBe((await client.me()).id);
    expect(storage.changedUnlocked).toBe(0);
    system.clock.advance(600);
    expect(await codeOf(client.me())).toBe('done');
  });

  it('survive a lock that fails: it is gone on without', async () => {
    const storage = new FaultyStorage();
    storage.failing.add('lock');
    const { client } = await signedInAt(system, nextPhone(), storage);
    system.clock.advance(600);
    expect(await codeOf(client.me())).toBe('done');
    expect(await codeOf(client.logout())).toBe('done');
    expect(await storage.load()).toBeNull();
  });

  it('survive a localStorage that is full: no lease can be taken, and a logout is carried out', async () => {
    const items = new Map<string, string>();
    const full = fullStorageOf(items);
    const client = clientOf(system, { storage: webStorage({ storage: full, locks: null }) });
    full.full = /./;
    expect(await codeOf(joins(client, system, nextPhone()))).toBe('storage_failed');
    full.full = undefined;
    expect(await codeOf(client.me())).toBe('done');
    const { refreshToken } = JSON.parse(items.get('latchkey') ?? '{}') as { refreshToken: string };
    full.full = /./;
    expect(await codeOf(client.logout())).toBe('done');
    expect([...items.keys()]).toEqual([]);
    expect((await system.api.post('/v1/auth/token/refresh', { refreshToken })).status).toBe(401);
  });

  it('are what a logout ends, although the storage has not taken them', async () => {
    const storage = new FaultyStorage();
    const { client, wire } = await signedInAt(system, nextPhone(), storage);
    storage.failing.add('save');
    let newest = '';
    wire.between = async (path, send) => {
      const response = await send();
      const { refreshToken } = (await response.clone().json()) as { refreshToken: string };
      newest = path === '/v1/auth/token/refresh' ? refreshToken : newest;
      return response;
    };
    system.clock.advance(600);
    expect(await codeOf(client.me())).toBe('storage_failed');
    wire.between = undefined;
    expect(await codeOf(client.logout())).toBe('done');
    expect(await storage.load()).toBeNull();
    expect((await system.api.post('/v1/auth/token/refresh', { refreshToken: newest })).status).toBe(401);
  });

  it('of a step-up that could not be stored go on with the refresh token of its session', async () => {
    const [storage, phone] = [new FaultyStorage(), nextPhone()];
    const { client } = await signedInAt(system, phone, storage);
    system.clock.advance(601);
    const answer = await codeTo(phone, () => client.stepUp(PASSWORD));
    storage.failing.add('load');
    expect(await codeOf(client.verify(answer))).toBe('storage_failed');
    storage.failing.clear();
    expect(await codeOf(client.meWithPhone())).toBe('done');
    system.clock.advance(600);
    expect(await codeOf(client.me())).toBe('done');
  });

  it('one after the other, that could not be stored, are stored together', async () => {
    const [storage, phone] = [new FaultyStorage(), nextPhone()];
    const { client, wire } = await signedInAt(system, phone, storage);
    const before = await reusesAt(system);
    system.clock.advance(300);
    const answer = await codeTo(phone, () => client.stepUp(PASSWORD));
    storage.failing.add('save');
    system.clock.advance(280);
    expect(await codeOf(client.me())).toBe('done'); // with the old access token, for the renewal could not be stored
    expect(wire.refreshes()).toBe(1);
    expect(await codeOf(client.verify(answer))).toBe('storage_failed');
    storage.failing.clear();
    for (let n = 0; n < 2; n += 1) {
      system.clock.advance(600);
      expect(await codeOf(client.me())).toBe('done');
    }
    expect(await reusesAt(system)).toBe(before);
  });
});

describe('what somebody else has stored', () => {
  it.each([
    ['a logout', () => Promise.resolve()],
    ['the sign-in of somebody else', (storage: FaultyStorage) => signedInAt(system, nextPhone(), storage)],
  ])('is not written over by what could not be stored before: %s', async (_case, next) => {
    const storage = new FaultyStorage();
    const { client } = await signedInAt(system, nextPhone(), storage);
    const other = clientOf(system, { storage });
    storage.failing.add('save');
    system.clock.advance(600);
    expect(await codeOf(client.me())).toBe('storage_failed');
    storage.failing.clear();
    await other.logout();
    await next(storage);
    const [text, person] = [await storage.load(), await other.restore()];
    expect((await client.restore())?.id).toBe(person?.id);
    expect(await codeOf(client.me())).toBe(text === null ? 'signed_out' : 'done');
    expect(await storage.load()).toBe(text);
  });

  it('is not mixed with the tokens of a step-up that another person has begun', async () => {
    const [storage, phone] = [memoryStorage(), nextPhone()];
    const { client } = await signedInAt(system, phone, storage);
    const answer = await codeTo(phone, () => client.stepUp(PASSWORD));
    await signedInAt(system, nextPhone(), storage);
    const text = await storage.load();
    expect(await codeOf(client.verify(answer))).toBe('bad_answer');
    expect(await storage.load()).toBe(text);
  });

  it('is told of, and a storage that cannot be read at that moment breaks nothing', async () => {
    const storage = new FaultyStorage();
    const { client } = await signedInAt(system, nextPhone(), storage);
    const { id } = await client.me();
    const heard: (string | null)[] = [];
    client.subscribe((user) => heard.push(user?.id ?? null));
    storage.failing.add('load');
    storage.tell();
    await new Promise(setImmediate); // by then Node has told of a rejection that nobody handles, and Jest fails
    storage.failing.clear();
    storage.tell();
    await client.me();
    expect(heard).toEqual([id]);
  });
});

describe('the storage of a trusted device', () => {
  async function trusting(deviceStorage: FaultyStorage, storage = memoryStorage()) {
    const [phone, wire] = [nextPhone(), new Wire()];
    const client = clientOf(system, { storage, deviceStorage, fetch: wire.fetch });
    const answer = await codeTo(phone, () => client.register({ phone, password: PASSWORD }));
    const outcome = await codeOf(client.verify({ ...answer, trustDevice: true }));
    const logsIn = async (who = client) => (await who.login({ identifier: phone, password: PASSWORD })).next;
    return { client, outcome, logsIn };
  }

  it('that cannot be read costs the trust, not the sign-in', async () => {
    const deviceStorage = new FaultyStorage();
    deviceStorage.failing.add('load');
    const { outcome, logsIn } = await trusting(deviceStorage);
    expect([outcome, await logsIn()]).toEqual(['done', 'code']);
    deviceStorage.failing.clear();
    expect(await logsIn()).toBe('done');
  });

  it('that takes nothing does not make a copy of it: the newest token is held, and stored with the next login', async () => {
    const deviceStorage = new FaultyStorage();
    const { logsIn } = await trusting(deviceStorage);
    deviceStorage.failing.add('save');
    for (let n = 0; n < 3; n += 1) {
      expect(await logsIn()).toBe('done');
      system.clock.advance(60);
    }
    deviceStorage.failing.clear();
    expect(await logsIn()).toBe('done');
    system.clock.advance(60);
    expect(await logsIn(clientOf(system, { deviceStorage }))).toBe('done');
  });

  it('gets its token also when the session cannot be stored', async () => {
    const [storage, deviceStorage] = [new FaultyStorage(), new FaultyStorage()];
    storage.failing.add('save');
    const { outcome, logsIn } = await trusting(deviceStorage, storage);
    storage.failing.clear();
    expect([outcome, await logsIn()]).toEqual(['storage_failed', 'done']);
  });
});
