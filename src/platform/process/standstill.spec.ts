// A process that stands still is one whose clock goes on and whose timers do not.
import { getMaxListeners } from 'node:events';
import { Standstill, StoodStill } from './standstill';

describe('Standstill', () => {
  let milliseconds = 0;
  let standstill: Standstill;

  beforeEach(() => {
    jest.spyOn(performance, 'now').mockImplementation(() => milliseconds);
    standstill = new Standstill();
  });

  afterEach(() => {
    standstill.onApplicationShutdown();
    jest.restoreAllMocks();
  });

  /** @returns the signal of work that goes on until it is told to end */
  function held(by = new AbortController().signal): { signal: AbortSignal; end: () => void } {
    const work: { signal?: AbortSignal; end?: () => void } = {};
    void standstill.hold(by, (signal) => {
      work.signal = signal;
      return new Promise<void>((resolve) => (work.end = resolve));
    });
    return work as Required<typeof work>;
  }

  it('F09: aborts what was held, before whoever asks can act; not what was held after, nor for a moment that others do not use', () => {
    const before = held();
    milliseconds += 6900;
    standstill.look();
    expect([before.signal.aborted, standstill.hasJustEnded]).toEqual([false, false]);
    milliseconds += 7000;
    standstill.look();
    const after = held();
    standstill.look();
    expect([before.signal.reason, after.signal.aborted, standstill.hasJustEnded]).toEqual([
      expect.any(StoodStill),
      false,
      true,
    ]);
    milliseconds += 5000;
    expect(standstill.hasJustEnded).toBe(false);
  });

  it('F03: one signal may be that of as many jobs as run here, without a warning of a leak', () => {
    const stop = new AbortController();
    held(stop.signal);
    expect(getMaxListeners(stop.signal)).toBe(Infinity);
  });

  it('passes on why the holder aborts, an abort before included, and forgets what has ended', async () => {
    const stop = new AbortController();
    const work = held(stop.signal);
    stop.abort('a stop');
    expect([work.signal.reason, held(stop.signal).signal.reason]).toEqual(['a stop', 'a stop']);
    const ended = held();
    ended.end();
    await new Promise(setImmediate);
    milliseconds += 20_000;
    standstill.look();
    expect(ended.signal.aborted).toBe(false);
    await expect(standstill.hold(stop.signal, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  });
});
