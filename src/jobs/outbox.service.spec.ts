// What becomes of a posted job, on a real database: done it is gone; whatever else happens to it, it is in the queue (N10, ADR 89). What keeps
// it here while it runs: outbox-keeping.spec.ts.
import { Logger } from '@nestjs/common';
import { OutboxScene, PLACES, until } from '../../test/support/outbox-scene';
import { insideJob } from '../platform/request/job-mark';
import { currentRequestId, runInRequest } from '../platform/request/request-context';

describe('Outbox', () => {
  const scene = OutboxScene.ofFile();

  it('runs a job with what was posted, as its first run, and forgets it', async () => {
    const seen: unknown[] = [];
    const { outbox } = scene.outboxFor((payload, signal, job) =>
      Promise.resolve(void seen.push(payload, signal.aborted, job)),
    );
    outbox.begin(await scene.posted());
    outbox.begin(null);
    await until(async () => (await scene.inOutbox()).length === 0);
    expect(seen).toEqual([{ n: 7 }, false, { isLast: false, isFirst: true }]);
    expect(await scene.inQueue()).toEqual([]);
  });

  it('gives the queue a job that fails, with its tries', async () => {
    const { outbox } = scene.outboxFor(() => Promise.reject(new Error('no')));
    outbox.begin(await scene.posted());
    await until(async () => (await scene.inQueue()).length > 0);
    const { rows } = await scene.pool.query(
      'SELECT j.key, j.task_identifier, p.payload, j.max_attempts, j.attempts FROM graphile_worker.jobs j JOIN graphile_worker._private_jobs p USING (id)',
    );
    expect(rows).toEqual([
      { key: 'probe:1', task_identifier: 'probe', payload: { n: 7 }, max_attempts: 4, attempts: 0 },
    ]);
    expect(await scene.inOutbox()).toEqual([]);
  });

  it('tells of a job that fails, and cannot be given either, in no request’s name', async () => {
    const named: (string | undefined)[] = [];
    const told = jest
      .spyOn(Logger.prototype, 'warn')
      .mockImplementation(() => void named.push(currentRequestId(), String(insideJob())));
    const { outbox, keepAlive } = scene.outboxFor(() => Promise.reject(new Error('no')));
    const job = await scene.posted();
    await scene.pool.query('UPDATE job_outbox SET max_attempts = 0'); // the queue refuses it
    runInRequest({ requestId: 'r-1', address: '203.0.113.1', userAgent: null }, () => outbox.begin(job));
    await until(() => Promise.resolve(named.length === 4));
    expect(named).toEqual([undefined, 'true', undefined, 'true']);
    told.mockRestore();
    await scene.pool.query('UPDATE job_outbox SET max_attempts = 4');
    await keepAlive();
    expect([await scene.inQueue(), await scene.inOutbox()]).toEqual([['probe:1'], []]);
  });

  it('F09: gives the queue what is posted in the moments after a standstill: it may be others’ by now', async () => {
    let begun = 0;
    const { outbox } = scene.outboxFor(() => Promise.resolve(void (begun += 1)));
    const woken = jest.spyOn(scene.standstill, 'hasJustEnded', 'get').mockReturnValue(true);
    outbox.begin(await scene.posted());
    woken.mockRestore();
    await until(async () => (await scene.inQueue()).length > 0);
    expect([begun, await scene.inOutbox()]).toEqual([0, []]);
  });

  it('gives the queue what was posted in the belief that there is room, and is not begun', async () => {
    const begun: (() => void)[] = [];
    const { outbox } = scene.outboxFor(() => new Promise<void>((finish) => void begun.push(finish)));
    for (const key of ['probe:1', 'probe:2', 'probe:3', 'probe:4']) outbox.begin(await scene.posted(key));
    await until(async () => (await scene.inQueue()).length > 0);
    expect([begun.length, (await scene.inQueue()).sort(), (await scene.inOutbox()).sort()]).toEqual([
      PLACES,
      ['probe:3', 'probe:4'],
      ['probe:1', 'probe:2'],
    ]);
    outbox.begin(await scene.posted('probe:5'));
    begun.forEach((finish) => finish());
    await outbox.beforeApplicationShutdown();
    expect([begun.length, (await scene.inQueue()).sort(), await scene.inOutbox()]).toEqual([
      PLACES,
      ['probe:3', 'probe:4', 'probe:5'],
      [],
    ]);
  });

  it('has room for so many, and none when it stops: then a job is aborted after 3 s and is the queue’s after 8.5', async () => {
    let aborted = 0;
    const { outbox } = scene.outboxFor((_, signal) => {
      signal.addEventListener('abort', () => (aborted += 1));
      return new Promise<void>(() => undefined);
    });
    const room = [outbox.hasRoom];
    for (const key of ['probe:1', 'probe:2']) {
      outbox.begin(await scene.posted(key));
      room.push(outbox.hasRoom);
    }
    expect(room).toEqual([true, true, false]);
    const stopped = outbox.beforeApplicationShutdown();
    outbox.begin(await scene.posted('probe:late'));
    await stopped;
    expect([aborted, (await scene.inQueue()).sort(), await scene.inOutbox()]).toEqual([
      2,
      ['probe:1', 'probe:2', 'probe:late'],
      [],
    ]);
    const { outbox: idle } = scene.outboxFor(() => Promise.resolve());
    await idle.beforeApplicationShutdown();
    expect(idle.hasRoom).toBe(false);
  });
});
