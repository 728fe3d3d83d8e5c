import { JobRegistry } from './job-registry.service';

const nothing = (): Promise<void> => Promise.resolve();

describe('JobRegistry', () => {
  it('hands a job its payload and the signal of a stop', async () => {
    const registry = new JobRegistry();
    const seen: unknown[] = [];
    registry.register('probe', (payload, signal) => {
      seen.push(payload, signal);
      return Promise.resolve();
    });
    const abortSignal = new AbortController().signal;
    await registry.collect().taskList['probe']?.({ n: 1 }, { abortSignal } as never);
    expect(seen).toEqual([{ n: 1 }, abortSignal]);
  });

  it('refuses a second handler, a malformed name, a bad pattern and a registration after the start', () => {
    const registry = new JobRegistry();
    registry.register('probe', nothing);
    expect(() => registry.register('probe', nothing)).toThrow('two handlers');
    expect(() => registry.register("x'; DROP", nothing)).toThrow('not a job name');
    expect(() => registry.registerCron({ name: 'cron', pattern: 'never', handler: nothing })).toThrow();
    registry.collect();
    expect(() => registry.register('late', nothing)).toThrow('after the runner had started');
  });
});
