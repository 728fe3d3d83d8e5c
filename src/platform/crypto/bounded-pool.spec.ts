import { pbkdf2 } from 'node:crypto';
import { promisify } from 'node:util';
import { BoundedPool } from './bounded-pool';

interface Held {
  readonly finish: () => void;
  readonly done: Promise<void>;
}

/** Work that lasts until finish() is called, and says when it began. */
function hold(pool: BoundedPool, name: string, began: string[]): Held {
  let finish = (): void => undefined;
  const until = new Promise<void>((resolve) => (finish = resolve));
  const done = pool.run(() => {
    began.push(name);
    return until;
  });
  return { finish: () => finish(), done };
}

const overloaded = { code: 'overloaded', context: { retryAfterSeconds: 2 } };

describe('BoundedPool', () => {
  afterEach(() => jest.useRealTimers());

  // ASVS 15.1.3, 15.2.2
  it('runs as many as it may, lets as many wait as it may, and refuses the next at once with Retry-After', async () => {
    const pool = new BoundedPool({ concurrency: 2, queue: 1, maxWaitMilliseconds: 2000 });
    const began: string[] = [];
    const [a, b, c] = [hold(pool, 'a', began), hold(pool, 'b', began), hold(pool, 'c', began)];
    await expect(pool.run(() => Promise.resolve())).rejects.toMatchObject(overloaded);
    expect(began).toEqual(['a', 'b']);
    expect(pool.stats()).toEqual({ running: 2, waiting: 1, refused: 1 });
    a.finish();
    await a.done;
    expect(began).toEqual(['a', 'b', 'c']);
    b.finish();
    c.finish();
    await Promise.all([b.done, c.done]);
    expect(pool.stats()).toEqual({ running: 0, waiting: 0, refused: 1 });
  });

  it('lets nobody wait longer than the bound, and the one who left in vain is not started later', async () => {
    jest.useFakeTimers();
    const pool = new BoundedPool({ concurrency: 1, queue: 8, maxWaitMilliseconds: 2000 });
    const began: string[] = [];
    const first = hold(pool, 'first', began);
    const late = hold(pool, 'late', began);
    jest.advanceTimersByTime(1999);
    expect(pool.stats().waiting).toBe(1);
    jest.advanceTimersByTime(1);
    jest.runAllTimers(); // the rest of that turn
    await expect(late.done).rejects.toMatchObject(overloaded);
    first.finish();
    await first.done;
    expect(began).toEqual(['first']);
    expect(pool.stats()).toEqual({ running: 0, waiting: 0, refused: 1 });
  });

  it('lets what is owed wait in the same line, also where that is full, and for longer', async () => {
    jest.useFakeTimers();
    const pool = new BoundedPool({ concurrency: 1, queue: 1, maxWaitMilliseconds: 2000 });
    const began: string[] = [];
    const [first, second] = [hold(pool, 'first', began), hold(pool, 'second', began)];
    const refused = expect(second.done).rejects.toMatchObject(overloaded);
    const owed = pool.runOwed(() => Promise.resolve(began.push('owed')));
    jest.advanceTimersByTime(19_999);
    jest.runAllTicks();
    await refused;
    first.finish();
    await Promise.all([first.done, owed]);
    expect(began).toEqual(['first', 'owed']);
  });

  it('does not let even that wait for more than 20 s', async () => {
    jest.useFakeTimers();
    const pool = new BoundedPool({ concurrency: 1, queue: 0, maxWaitMilliseconds: 2000 });
    const first = hold(pool, 'first', []);
    const owed = expect(pool.runOwed(() => Promise.resolve())).rejects.toMatchObject({ code: 'overloaded' });
    jest.advanceTimersByTime(20_000);
    jest.runAllTimers(); // the rest of that turn
    await owed;
    first.finish();
    await first.done;
  });

  it('turns nobody away for whom a place came free during a slow turn of the event loop', async () => {
    const pool = new BoundedPool({ concurrency: 1, queue: 8, maxWaitMilliseconds: 20 });
    const first = pool.run(() => promisify(pbkdf2)('a', 'b', 1, 8, 'sha256')); // done beside the loop, which hears of it later
    const second = pool.run(() => Promise.resolve('served'));
    for (const end = performance.now() + 100; performance.now() < end;);
    await expect(second).resolves.toBe('served');
    await first;
  });

  it('admits as many as will find a place, those included who are still at what comes before', async () => {
    const pool = new BoundedPool({ concurrency: 1, queue: 1, maxWaitMilliseconds: 2000 });
    const began: string[] = [];
    const before = hold(pool, 'running', began);
    let found = (): void => undefined;
    const admitted = pool.admit(() => new Promise<void>((resolve) => (found = resolve)));
    let asked = false;
    const late = (): Promise<void> => Promise.resolve(void (asked = true));
    await expect(pool.admit(late)).rejects.toMatchObject(overloaded);
    expect([asked, pool.stats()]).toEqual([false, { running: 1, waiting: 0, refused: 1 }]);
    found();
    await admitted;
    await expect(pool.admit(() => Promise.reject(new Error('before')))).rejects.toThrow('before');
    await pool.admit(late);
    expect(asked).toBe(true);
    before.finish();
    await before.done;
  });

  it('gives the place back when the work fails', async () => {
    const pool = new BoundedPool({ concurrency: 1, queue: 0, maxWaitMilliseconds: 2000 });
    await expect(pool.run(() => Promise.reject(new Error('work')))).rejects.toThrow('work');
    await expect(pool.run(() => Promise.resolve('next'))).resolves.toBe('next');
  });
});
