import { Standstill } from '../platform/process/standstill';
import { JobRegistry } from './job-registry.service';

const nothing = (): Promise<void> => Promise.resolve();

describe('JobRegistry', () => {
  it('hands a job its payload, the signal of a stop, and whether there will be another run', async () => {
    const registry = new JobRegistry(new Standstill());
    const seen: unknown[] = [];
    registry.register('probe', (payload, signal, { isLast }) => {
      seen.push(payload, signal, isLast);
      return Promise.resolve();
    });
    const abortSignal = new AbortController().signal;
    await registry
      .collect()
      .taskList['probe']?.({ n: 1 }, { abortSignal, job: { attempts: 2, max_attempts: 2 } } as never);
    expect(seen).toEqual([{ n: 1 }, abortSignal, true]);
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
