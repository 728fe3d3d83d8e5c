import { EventEmitter } from 'node:events';
import { tellOfStrays } from '../request/stray-mark';
import { Lifecycle } from './lifecycle';

describe('the life of a process', () => {
  /** Stands for the operating system's side: events in, exit code out. */
  class Host extends EventEmitter {
    readonly exited: Promise<number>;
    exit!: (code: number) => void;
    /** A supervisor that answers. */
    send = (message: unknown) => {
      seen.push(JSON.stringify(message));
      this.emit('message', 'bye');
    };
    constructor() {
      super();
      this.exited = new Promise((resolve) => (this.exit = resolve));
    }
  }

  const hourMs = 3_600_000;
  let host: Host;
  let seen: string[];

  function live(times: { drainMs: number; deadlineMs: number }, close = async (): Promise<void> => {}): Lifecycle {
    host = new Host();
    seen = [];
    const lifecycle = new Lifecycle(host as unknown as NodeJS.Process, times).listen();
    lifecycle.serve({
      drain: () => seen.push('drain'),
      leave: () => Promise.resolve(void seen.push('leave')),
      close: () => (seen.push('close'), close()),
      report: (error) => seen.push(`report ${(error as Error).message}`),
    });
    return lifecycle;
  }

  it.each(['SIGTERM', 'SIGINT'])('F23: %s turns readiness off, then closes, then exits 0', async (signal) => {
    live({ drainMs: 1, deadlineMs: hourMs });
    host.emit(signal);
    expect(seen).toEqual(['drain']);
    expect(await host.exited).toBe(0);
    expect(seen).toEqual(['drain', 'close']);
  });

  it.each([
    ['the word of the parent', 'message', 'stop'],
    ['the death of the parent', 'disconnect', undefined],
  ])('%s closes without the wait', async (_name, event, argument) => {
    live({ drainMs: hourMs, deadlineMs: hourMs });
    host.emit('SIGTERM');
    host.emit(event, argument);
    expect(await host.exited).toBe(0);
    expect(seen).toEqual(['drain', 'close']);
  });

  it('F23: the word of a supervisor that goes on leaves the port first, and says so before the end', async () => {
    live({ drainMs: hourMs, deadlineMs: hourMs });
    host.emit('message', 'retire');
    expect(await host.exited).toBe(0);
    expect(seen).toEqual(['drain', 'leave', 'close', '{"event":"left"}']);
  });

  it('F21: a bug is logged once, drains and exits 1', async () => {
    live({ drainMs: 1, deadlineMs: hourMs });
    host.emit('unhandledRejection', new Error('first'));
    host.emit('uncaughtException', new Error('second'));
    expect(await host.exited).toBe(1);
    expect(seen).toEqual(['report first', 'drain', 'close']);
  });

  it('F18: a rejection that a library has left unhandled goes to whoever runs the library', async () => {
    live({ drainMs: 1, deadlineMs: hourMs });
    tellOfStrays(
      (error) => seen.push(`told ${(error as Error).message}`),
      () => host.emit('unhandledRejection', new Error('theirs')),
    );
    expect(seen).toEqual(['told theirs']);
    host.emit('unhandledRejection', new Error('ours'));
    expect(await host.exited).toBe(1);
    expect(seen.slice(1)).toEqual(['report ours', 'drain', 'close']);
  });

  it('exits at the deadline when closing hangs', async () => {
    live({ drainMs: 1, deadlineMs: 20 }, () => new Promise(() => undefined));
    host.emit('SIGTERM');
    const keepAlive = setInterval(() => undefined, 1000);
    expect(await host.exited).toBe(0);
    clearInterval(keepAlive);
  });

  it('exits at once when asked to stop before there is anything to close', async () => {
    host = new Host();
    new Lifecycle(host as unknown as NodeJS.Process, { drainMs: hourMs, deadlineMs: hourMs }).listen();
    host.emit('disconnect');
    expect(await host.exited).toBe(0);
  });
});
