// Connections in turns, on real ones: few at a time of a quick database, all of a slow one, and nobody waits for ever.
import { Client, Pool, type PoolClient } from 'pg';
import { createDatabase, type TestDatabase } from '../../test/support/database';
import { CONNECT_MILLISECONDS } from './pools';
import { runPrepared, runUnnamed } from './run-statement';
import { type Borrower, ConnectionsInTurns } from './turns';

let database: TestDatabase;
let pool: Pool;
let turns: ConnectionsInTurns;

beforeAll(async () => {
  database = await createDatabase({ empty: true });
});
beforeEach(() => {
  pool = new Pool({ connectionString: database.url, max: 20, connectionTimeoutMillis: CONNECT_MILLISECONDS });
  turns = new ConnectionsInTurns(pool);
});
afterEach(() => pool.end());
afterAll(() => database.drop());

const QUICK = 'SELECT $1::int AS n';
const all = <T>(count: number, one: (n: number) => Promise<T>) =>
  Promise.all(Array.from({ length: count }, (_, n) => one(n)));
const quick = (n: number) => runPrepared<{ n: number }>(turns, 'quick', QUICK, [n]);
const slow = (seconds: number) => runUnnamed(turns, 'SELECT pg_sleep($1)', [seconds]);

describe('connections in turns', () => {
  it('are eight while the database is quick, and everybody gets their own answer', async () => {
    // However busy the machine is: no time goes by.
    const clock = jest.spyOn(performance, 'now').mockReturnValue(0);
    const answers = await all(2000, quick);
    expect(answers.map(([row]) => row?.n)).toEqual(answers.map((_, n) => n));
    expect(pool.totalCount).toBe(8);
    expect(turns.waitingCount).toBe(0);
    clock.mockRestore();
  });

  it('are all that there are while it is slow', async () => {
    const asleep = all(20, () => slow(1.5));
    let most = 0;
    const look = setInterval(() => (most = Math.max(most, pool.totalCount)), 5);
    await asleep;
    clearInterval(look);
    expect(most).toBe(20);
  });

  it('go on after a statement that was refused and a connection that broke', async () => {
    await expect(runUnnamed(turns, 'SELECT 1 / $1::int', [0])).rejects.toMatchObject({ code: '22012' });
    const broken = all(8, () => runUnnamed(turns, 'SELECT pg_terminate_backend(pg_backend_pid()), $1::int', [1]));
    await expect(broken).rejects.toThrow();
    expect(await all(100, quick)).toHaveLength(100);
    expect(turns.waitingCount).toBe(0);
  });

  it('are eight again after none could be opened', async () => {
    let isAway = true;
    class Unsteady extends Client {}
    Unsteady.prototype.connect = function (this: Client, told: (error: Error) => void) {
      if (isAway) told(new Error('away'));
      else Client.prototype.connect.call(this, told);
    } as Client['connect'];
    const unsteady = new Pool({ connectionString: database.url, max: 20, Client: Unsteady });
    turns = new ConnectionsInTurns(unsteady);
    const clock = jest.spyOn(performance, 'now').mockReturnValue(0);
    const answers = await Promise.allSettled(Array.from({ length: 50 }, (_, n) => quick(n)));
    for (const answer of answers) expect(answer).toMatchObject({ status: 'rejected', reason: { message: 'away' } });
    isAway = false;
    clock.mockReturnValue(1000);
    await all(100, quick);
    expect(unsteady.totalCount).toBe(8);
    clock.mockRestore();
    await unsteady.end();
  });

  it('F18: that cannot even be asked for are refused to whom they are meant for, however many wait', async () => {
    let isReadable = true;
    class Certified extends Client {
      constructor(options?: ConstructorParameters<typeof Client>[0]) {
        if (!isReadable) throw new Error('EMFILE: too many open files');
        super(options);
      }
    }
    const certified = new Pool({ connectionString: database.url, max: 20, Client: Certified });
    turns = new ConnectionsInTurns(certified);
    const broken = (n: number) => runUnnamed(turns, 'SELECT pg_terminate_backend(pg_backend_pid()), $1::int', [n]);
    const clock = jest.spyOn(performance, 'now').mockReturnValue(0);
    const first = Promise.allSettled(Array.from({ length: 8 }, (_, n) => broken(n)));
    const rest = Promise.allSettled(Array.from({ length: 20_000 }, (_, n) => quick(n)));
    isReadable = false;
    for (const { reason } of (await first) as PromiseRejectedResult[]) expect(String(reason)).not.toContain('EMFILE');
    for (const { reason } of (await rest) as PromiseRejectedResult[]) expect(String(reason)).toContain('EMFILE');
    isReadable = true;
    await all(100, quick);
    expect(certified.totalCount).toBe(8);
    expect(turns.waitingCount).toBe(0);
    clock.mockRestore();
    await certified.end();
  });

  /**
   * A thousand at once, of which `perTenMilliseconds` end in ten milliseconds.
   * @returns how many were lent at a time, by and by, and why others were refused
   */
  function queueOf(perTenMilliseconds: number) {
    jest.useFakeTimers();
    const connect = (borrower: Borrower): void => borrower(undefined, {} as PoolClient, () => undefined);
    const inTurns = new ConnectionsInTurns({ connect } as unknown as Pool);
    const [lent, refused, atATime]: [(() => void)[], string[], number[]] = [[], [], []];
    for (let n = 0; n < 1000; n += 1) {
      inTurns.connect((error, client, release) => {
        if (client === undefined) refused.push(String(error));
        else lent.push(release);
      });
    }
    for (let milliseconds = 0; milliseconds < 2100; milliseconds += 10) {
      atATime.push(lent.length);
      for (const release of lent.splice(0, perTenMilliseconds)) release();
      jest.advanceTimersByTime(10);
    }
    jest.useRealTimers();
    expect(inTurns.waitingCount).toBe(0);
    return { atATime, refused };
  }

  it('are more, by and by, where loans are quick and the queue is long', () => {
    const { atATime, refused } = queueOf(5);
    expect(atATime.slice(0, 45)).toEqual(Array<number>(45).fill(8));
    expect([Math.max(...atATime), refused]).toEqual([20, []]);
  });

  it('are eight again once loans are quick, and the queue short', () => {
    jest.useFakeTimers();
    const lent: (() => void)[] = [];
    const connect = (borrower: Borrower): void => borrower(undefined, {} as PoolClient, () => undefined);
    const inTurns = new ConnectionsInTurns({ connect } as unknown as Pool);
    for (let n = 0; n < 60; n += 1) inTurns.connect((_, __, release) => lent.push(release));
    jest.advanceTimersByTime(300);
    const atATime = [lent.length];
    for (let turn = 0; turn < 3; turn += 1) {
      for (const release of lent.splice(0)) release();
      jest.advanceTimersByTime(10);
      atATime.push(lent.length);
    }
    jest.useRealTimers();
    expect([atATime[0], ...atATime.slice(2)]).toEqual([20, 8, 8]);
  });

  it('F19: are waited for two seconds in all, for a turn and for a connection; one that comes later goes back', () => {
    jest.useFakeTimers();
    const asked: Borrower[] = [];
    const connect = (borrower: Borrower): void => void asked.push(borrower);
    const inTurns = new ConnectionsInTurns({ connect } as unknown as Pool);
    const told: string[] = [];
    const ask = (name: string) => inTurns.connect((error) => told.push(`${name}: ${String(error)}`));
    for (let n = 1; n <= 8; n += 1) ask('first');
    ask('ninth');
    jest.advanceTimersByTime(1500);
    asked[0]?.(new Error('away'), undefined, () => undefined);
    expect([asked.length, told]).toEqual([9, ['first: Error: away']]);
    jest.advanceTimersByTime(550);
    expect(told.slice(1)).toEqual(['ninth: Error: timeout exceeded when trying to connect']);
    const released: unknown[] = [];
    asked[8]?.(undefined, {} as PoolClient, (reason) => released.push(reason));
    expect([released.length, told.length]).toEqual([1, 2]);
    ask('next');
    expect(asked).toHaveLength(10);
    expect(jest.getTimerCount()).toBe(0);
    jest.useRealTimers();
  });

  it('F19: are not waited for longer than two seconds, however long the queue', () => {
    const { refused } = queueOf(4);
    expect(refused.length).toBeGreaterThan(100);
    expect(new Set(refused)).toEqual(new Set(['Error: timeout exceeded when trying to connect']));
  });
});
