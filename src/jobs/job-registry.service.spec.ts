import { setImmediate } from 'node:timers/promises';
import { Standstill, StoodStill } from '../platform/process/standstill';
import { JobRegistry } from './job-registry.service';

const nothing = (): Promise<void> => Promise.resolve();

describe('JobRegistry', () => {
  it('hands a job its payload, the signal of a stop, and whether there will be another run', async () => {
    const registry = new JobRegistry(new Standstill());
    const seen: unknown[] = [];
    const stop = new AbortController();
    registry.register('probe', (payload, signal, { isLast }) => {
      seen.push(payload, isLast, signal.aborted);
      stop.abort('a stop');
      seen.push(signal.reason);
      return Promise.resolve();
    });
    await registry
      .collect()
      .taskList['probe']?.({ n: 1 }, { abortSignal: stop.signal, job: { attempts: 2, max_attempts: 2 } } as never);
    expect(seen).toEqual([{ n: 1 }, true, false, 'a stop']);
  });

  it('F09, F13: does not begin a job that it was handed once more while it is still at it, and does afterwards', async () => {
    const registry = new JobRegistry(new Standstill());
    const ends: (() => void)[] = [];
    registry.register('probe', () => new Promise((resolve) => ends.push(resolve)));
    const { probe } = registry.collect().taskList;
    const handed = async (id: string, attempts: number): Promise<void> => {
      const helpers = { abortSignal: new AbortController().signal, job: { id, attempts, max_attempts: 7 } };
      await probe?.({}, helpers as never);
    };
    const [first, other] = [handed('1', 1), handed('2', 1)];
    await expect(Promise.race([handed('1', 2), setImmediate()])).rejects.toThrow(StoodStill);
    expect(ends).toHaveLength(2);
    for (const end of ends) end();
    await Promise.all([first, other]);
    const third = handed('1', 3);
    ends[2]?.();
    await third;
  });

  it('F09: does not begin what others have by then, when it was handed that before it stood still', async () => {
    const standstill = new Standstill();
    const registry = new JobRegistry(standstill);
    const ran = jest.fn(nothing);
    registry.register('probe', ran);
    const { probe } = registry.collect().taskList;
    jest.spyOn(standstill, 'hasJustEnded', 'get').mockReturnValue(true);
    const job = { id: '1', locked_by: 'ours', attempts: 1, max_attempts: 7 };
    const handed = async (rowCount: number): Promise<void> => {
      const query = () => Promise.resolve({ rowCount });
      await probe?.({}, { abortSignal: new AbortController().signal, job, query } as never);
    };
    await expect(handed(0)).rejects.toThrow(StoodStill);
    expect(ran).not.toHaveBeenCalled();
    await handed(1);
    expect(ran).toHaveBeenCalledTimes(1);
  });

  it('refuses a second handler, a malformed name and a registration after the start', () => {
    const registry = new JobRegistry(new Standstill());
    registry.register('probe', nothing);
    expect(() => registry.register('probe', nothing)).toThrow('two handlers');
    expect(() => registry.register("x'; DROP", nothing)).toThrow('not a job name');
    registry.collect();
    expect(() => registry.register('late', nothing)).toThrow('after the runner had started');
  });
});
