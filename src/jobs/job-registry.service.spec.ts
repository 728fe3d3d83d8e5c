import { Standstill } from '../platform/process/standstill';
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

  it('refuses a second handler, a malformed name, a bad pattern and a registration after the start', () => {
    const registry = new JobRegistry(new Standstill());
    registry.register('probe', nothing);
    expect(() => registry.register('probe', nothing)).toThrow('two handlers');
    expect(() => registry.register("x'; DROP", nothing)).toThrow('not a job name');
    expect(() => registry.registerCron({ name: 'cron', pattern: 'never', handler: nothing })).toThrow();
    registry.collect();
    expect(() => registry.register('late', nothing)).toThrow('after the runner had started');
  });
});
