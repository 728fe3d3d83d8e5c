// How a job that was begun here is kept from others while it runs, and is another's once nobody keeps it, on a real database (F13, N10, ADR 89).
import type { Statement } from '../database/sql';
import { OutboxScene, until } from '../../test/support/outbox-scene';

describe('Outbox', () => {
  const scene = OutboxScene.ofFile();

  const endless = () => new Promise<void>(() => undefined);

  it('keeps a job from others while it runs; one that nobody keeps is called out by a heartbeat of anybody, and then goes to the queue', async () => {
    let finish = (): void => undefined;
    const { outbox, keepAlive } = scene.outboxFor(() => new Promise<void>((resolve) => (finish = resolve)));
    outbox.begin(await scene.posted('probe:running'));
    await scene.posted('probe:abandoned');
    await scene.posted('probe:young');
    await scene.overdue(`key <> 'probe:young'`);
    // As after the database was away: nobody could keep anything meanwhile.
    await scene.beat();
    expect(await scene.inQueue()).toEqual([]);
    await keepAlive();
    await scene.overdue('is_called');
    await scene.beat();
    expect([await scene.inQueue(), (await scene.inOutbox()).sort()]).toEqual([
      ['probe:abandoned'],
      ['probe:running', 'probe:young'],
    ]);
    await scene.overdue(`key = 'probe:young'`);
    await scene.beat();
    await scene.overdue('is_called');
    await scene.beat();
    expect([(await scene.inQueue()).sort(), await scene.inOutbox()]).toEqual([
      ['probe:abandoned', 'probe:young'],
      ['probe:running'],
    ]);
    finish();
    await until(async () => (await scene.inOutbox()).length === 0);
  });

  it('keeps a job though those that run have all the connections there are for jobs', async () => {
    const none = () => Promise.reject(new Error('no free connection'));
    const { outbox, keepAlive } = scene.outboxFor(endless, none);
    outbox.begin(await scene.posted());
    await scene.overdue();
    await keepAlive();
    await scene.beat();
    await scene.overdue('is_called');
    await scene.beat();
    expect(await scene.inOutbox()).toEqual(['probe:1']);
  });

  it('aborts a job that the queue has taken, since this process stood still, and no other', async () => {
    const aborted: unknown[] = [];
    const { outbox, keepAlive } = scene.outboxFor((payload, signal) => {
      signal.addEventListener('abort', () => aborted.push(payload));
      return endless();
    });
    outbox.begin(await scene.posted('probe:taken'));
    outbox.begin({ ...(await scene.posted('probe:kept')), payload: 'kept' });
    await keepAlive();
    expect(aborted).toEqual([]);
    await scene.overdue(`key = 'probe:taken'`);
    await scene.beat();
    await scene.overdue('is_called');
    await scene.beat();
    await keepAlive();
    expect([aborted, await scene.inQueue(), await scene.inOutbox()]).toEqual([
      [{ n: 7 }],
      ['probe:taken'],
      ['probe:kept'],
    ]);
  });

  it('aborts none that was begun while it asked which are kept', async () => {
    const aborted: string[] = [];
    const { outbox, keepAlive } = scene.outboxFor((_, signal) => {
      signal.addEventListener('abort', () => aborted.push('a job'));
      return endless();
    });
    outbox.begin(await scene.posted('probe:1'));
    const holder = await scene.pool.connect();
    await holder.query(`BEGIN; SELECT FROM job_outbox FOR UPDATE`);
    const kept = keepAlive();
    const waits = `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
    await until(async () => (await scene.pool.query(waits)).rowCount === 1);
    outbox.begin(await scene.posted('probe:2'));
    await holder.query('COMMIT');
    holder.release();
    await kept;
    await keepAlive();
    expect(aborted).toEqual([]);
  });

  it('what is done and cannot be forgotten is kept until it can, and run by nobody else', async () => {
    let isRefused = true;
    let ran = 0;
    const ask = <Row>(statement: Statement, values: readonly unknown[]) =>
      isRefused ? Promise.reject<Row[]>(new Error('away')) : scene.run<Row>(statement, values);
    const { outbox, keepAlive } = scene.outboxFor(() => Promise.resolve(void (ran += 1)), ask);
    outbox.begin(await scene.posted());
    await until(() => Promise.resolve(ran === 1));
    for (let n = 0; n < 2; n += 1) {
      await scene.overdue();
      await keepAlive().catch(() => undefined);
      await scene.beat();
    }
    expect([await scene.inOutbox(), await scene.inQueue()]).toEqual([['probe:1'], []]);
    isRefused = false;
    await keepAlive();
    expect([await scene.inOutbox(), await scene.inQueue()]).toEqual([[], []]);
  });

  it('F23: is kept once more when it is aborted by a stop, which waits for it as long again', async () => {
    let isAborted = false;
    const { outbox } = scene.outboxFor((_, signal) => {
      signal.addEventListener('abort', () => (isAborted = true));
      return endless();
    });
    outbox.begin(await scene.posted());
    const stopped = outbox.beforeApplicationShutdown();
    await scene.overdue();
    await scene.beat();
    const called = 'SELECT FROM job_outbox WHERE is_called';
    expect((await scene.pool.query(called)).rowCount).toBe(1);
    await until(async () => isAborted && (await scene.pool.query(called)).rowCount === 0);
    expect([await scene.inOutbox(), await scene.inQueue()]).toEqual([['probe:1'], []]);
    await stopped;
    expect([await scene.inOutbox(), await scene.inQueue()]).toEqual([[], ['probe:1']]);
  });
});
