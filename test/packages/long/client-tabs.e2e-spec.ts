// Two tabs of @latchkey/client with one session, on two instances: they renew in the same moment, round after round, and nobody
// is logged out (A33, A35). With the browser's locks, with a lease in the storage, with nothing at all, and with lost answers.
import { type LatchkeyClient, memoryStorage, type TokenStorage, webStorage } from '@latchkey/client';
import { startSystem, type System } from '../../support/instance';
import { phoneNumbers } from '../../support/person';
import { clientOf, joins, reusesAt, Wire } from '../support/people';
import { frozenLocks, localStorageOf, LockManager } from '../support/tabs';

const ROUNDS = Number(process.env['RACE_ROUNDS'] ?? 25);
const nextPhone = phoneNumbers();
let system: System;

beforeAll(async () => {
  system = await startSystem({
    instances: 2,
    env: {
      LIMIT_UNAUTHENTICATED: 'off',
      LIMIT_SESSION: 'off',
      LIMIT_REFRESH_FAMILY: 'off',
      JWT_ISSUER: 'https://accounts.test',
      JWT_AUDIENCE: 'https://accounts.test',
    },
  });
});
afterAll(() => system.stop());

interface Tab {
  readonly client: LatchkeyClient;
  readonly wire: Wire;
}

/** Tabs that share a session, alternately on either instance. */
async function tabs(storages: readonly TokenStorage[]): Promise<Tab[]> {
  const made = storages.map((storage, at) => {
    const wire = new Wire();
    const url = system.apis[at % 2]?.url ?? '';
    return { wire, client: clientOf(system, { url, storage, fetch: wire.fetch }) };
  });
  const [first] = made;
  if (first === undefined) throw new Error('no tab');
  await joins(first.client, system, nextPhone());
  made.forEach(({ wire }) => wire.clear());
  return made;
}

const refreshesOf = (made: readonly Tab[]): number => made.reduce((sum, { wire }) => sum + wire.refreshes(), 0);

async function storm(made: readonly Tab[], rounds: number): Promise<void> {
  for (let round = 0; round < rounds; round += 1) {
    system.clock.advance(600);
    const people = await Promise.all(made.flatMap(({ client }) => [client.me(), client.me()]));
    expect(new Set(people.map(({ id }) => id)).size).toBe(1);
  }
}

const sharedMap = (): Map<string, string> => new Map<string, string>();
const twoTabs = (locks: LockManager | null): TokenStorage[] => {
  const items = sharedMap();
  return [0, 1].map(() => webStorage({ storage: localStorageOf(items), locks }));
};

const withoutLock = (storage: TokenStorage): TokenStorage => ({
  load: () => storage.load(),
  save: (text) => storage.save(text),
  clear: () => storage.clear(),
});

describe('two tabs that renew at once', () => {
  it.each<[string, () => TokenStorage[]]>([
    ['in one process, with one storage object', () => Array<TokenStorage>(2).fill(memoryStorage())],
    ["with the browser's locks", () => twoTabs(new LockManager())],
    ['without them, by a lease in the storage', () => twoTabs(null)],
  ])('%s: one renewal a round, nobody is logged out', async (_case, storages) => {
    const made = await tabs(storages());
    const before = await reusesAt(system);
    await storm(made, ROUNDS);
    expect(refreshesOf(made)).toBe(ROUNDS);
    expect(await reusesAt(system)).toBe(before);
  });

  it('with no lock of any kind: at most one renewal a tab and round, nobody is logged out', async () => {
    const items = sharedMap();
    const bare = () => withoutLock(webStorage({ storage: localStorageOf(items), locks: null }));
    const made = await tabs([bare(), bare(), bare()]);
    const before = await reusesAt(system);
    await storm(made, ROUNDS);
    expect(refreshesOf(made)).toBeGreaterThanOrEqual(ROUNDS);
    expect(refreshesOf(made)).toBeLessThanOrEqual(3 * ROUNDS);
    expect(await reusesAt(system)).toBe(before);
  });

  it('while every third answer is lost: nobody is logged out', async () => {
    const items = sharedMap();
    const storage = () => webStorage({ storage: localStorageOf(items), locks: null });
    const made = await tabs([withoutLock(storage()), storage()]);
    const before = await reusesAt(system);
    let answers = 0;
    made.forEach(({ wire }) => {
      wire.between = async (_path, send) => {
        const response = await send();
        if (_path !== '/v1/auth/token/refresh') return response;
        answers += 1;
        if (answers % 3 === 0) throw new TypeError('the connection broke');
        return response;
      };
    });
    await storm(made, Math.ceil(ROUNDS / 3));
    expect(await reusesAt(system)).toBe(before);
  });

  it('of which one is slow: what it was given late never replaces what the other has stored since', async () => {
    const items = sharedMap();
    const bare = () => withoutLock(webStorage({ storage: localStorageOf(items), locks: null }));
    const [slow, quick] = (await tabs([bare(), bare()])) as [Tab, Tab];
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    let answered: () => void = () => undefined;
    const hasAnswer = new Promise<void>((resolve) => (answered = resolve));
    slow.wire.between = async (path, send) => {
      const response = await send();
      if (path !== '/v1/auth/token/refresh') return response;
      answered();
      await held;
      return response;
    };
    system.clock.advance(600);
    const late = slow.client.me();
    await hasAnswer;
    await quick.client.me(); // the same successor, within the grace
    system.clock.advance(600);
    await quick.client.me(); // and the next one
    const newest = items.get('latchkey');
    release();
    await late;
    expect(items.get('latchkey')).toBe(newest);
    system.clock.advance(600);
    await quick.client.me();
  });

  it('a logout in one is a logout in the other, and a renewal that was under way does not undo it', async () => {
    for (let round = 0; round < 5; round += 1) {
      const [one, two] = (await tabs(twoTabs(null))) as [Tab, Tab];
      system.clock.advance(600);
      await Promise.all([one.client.logout(), two.client.me().catch(() => undefined)]);
      await expect(two.client.me()).rejects.toMatchObject({ code: 'signed_out' });
      expect(await two.client.restore()).toBeNull();
    }
  });
});

describe('the lock of a web storage', () => {
  const lockOf = (options: Parameters<typeof webStorage>[0]) => {
    const storage = webStorage(options);
    return <Result>(work: () => Promise<Result>): Promise<Result> => {
      if (storage.lock === undefined) throw new Error('there is no lock');
      return storage.lock(work);
    };
  };

  it('without navigator.locks lets one of ten tabs in at a time', async () => {
    const items = sharedMap();
    let inside = 0;
    let most = 0;
    let done = 0;
    await Promise.all(
      Array.from({ length: 10 }, () =>
        lockOf({ storage: localStorageOf(items), locks: null, lockWaitMs: 30_000 })(async () => {
          inside += 1;
          most = Math.max(most, inside);
          await new Promise((resolve) => setTimeout(resolve, 5));
          inside -= 1;
          done += 1;
        }),
      ),
    );
    expect([most, done]).toEqual([1, 10]);
    expect([...items.keys()]).toEqual([]);
  });

  it('without navigator.locks waits for whoever is inside, and never writes over their lease', async () => {
    const theirs = JSON.stringify({ owner: 'another tab', until: Date.now() + 14_000 });
    const items = new Map([['latchkey.lease', theirs]]);
    const storage = localStorageOf(items);
    const seen: (string | undefined)[] = [];
    const getItem = (key: string): string | null => {
      seen.push(items.get('latchkey.lease'));
      if (seen.length === 5) items.delete('latchkey.lease');
      return storage.getItem(key);
    };
    const lock = lockOf({ storage: { ...storage, getItem }, locks: null, lockWaitMs: 60_000 });
    expect(await lock(() => Promise.resolve(seen.length))).toBeGreaterThan(5);
    expect(new Set(seen.slice(0, 5))).toEqual(new Set([theirs]));
  });

  it.each([
    ['that has run out', () => JSON.stringify({ owner: 'dead', until: Date.now() - 1 })],
    ['from a clock that was turned back since', () => JSON.stringify({ owner: 'dead', until: Date.now() + 3_600_000 })],
    ['that is no lease', () => 'null'],
  ])('takes over a lease %s', async (_case, lease) => {
    const items = new Map([['latchkey.lease', lease()]]);
    const lock = lockOf({ storage: localStorageOf(items), locks: null, lockWaitMs: 60_000 });
    expect(await lock(() => Promise.resolve('in'))).toBe('in');
  });

  it.each([
    ['is never given', frozenLocks, undefined],
    ['lies with a tab that is frozen', null, JSON.stringify({ owner: 'frozen', until: Date.now() + 14_000 })],
  ])('that %s is waited for a bounded time only', async (_case, locks, lease) => {
    const items = new Map(lease === undefined ? [] : [['latchkey.lease', lease]]);
    const lock = lockOf({ storage: localStorageOf(items), locks, lockWaitMs: 100 });
    expect(await lock(() => Promise.resolve('in'))).toBe('in');
  });

  it.each([
    ['the browser', new LockManager()],
    ['the lease', null],
  ])('of %s is given back by work that fails, and the failure is the caller’s', async (_case, locks) => {
    const lock = lockOf({ storage: localStorageOf(), locks });
    await expect(lock(() => Promise.reject(new Error('mine')))).rejects.toThrow('mine');
    expect(await lock(() => Promise.resolve('in'))).toBe('in');
  });
});
