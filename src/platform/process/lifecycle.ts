// The one owner of this process's end (cases F21, F23). Asked to stop: say "not ready" first, give load balancers time to
// notice, then close, which lets requests in flight finish; a deadline ends what hangs. A parent process (`npm start`) needs
// no such time: its word `stop`, and its death, close at once, so no orphan stays behind. A supervisor whose port others go on
// serving says `retire`: no new connection, whoever has one is served as usual, then close.
import { setTimeout as sleep } from 'node:timers/promises';

export interface Serving {
  /** Readiness turns 503; called once. */
  drain(): void;
  /** Takes no new connection and answers on those there are. @returns when there are none left, or after a while */
  leave(): Promise<void>;
  /** Finishes what is in flight and releases everything. */
  close(): Promise<void>;
  /** Logs the bug that ends the process. */
  report(error: unknown): void;
}

export interface LifecycleTimes {
  /** Between "not ready" and closing, after a signal. */
  readonly drainMs: number;
  /** From the request to stop until the process exits come what may. */
  readonly deadlineMs: number;
}

const defaults: LifecycleTimes = { drainMs: 3000, deadlineMs: 15_000 };

/** How the end is asked for: by a signal, by the word or the death of a parent, by a supervisor that goes on with others. */
type Manner = 'gently' | 'now' | 'retire';

const BYE = 'bye';
const BYE_WITHIN_MS = 2000;

export class Lifecycle {
  private serving: Serving | undefined;
  private stopping = false;
  private exitCode = 0;
  private readonly hurry = new AbortController();

  constructor(
    private readonly host: NodeJS.Process,
    private readonly times: LifecycleTimes = defaults,
  ) {}

  /** Call first: from here on a request to stop is heard even while the application is still being made. */
  listen(): this {
    const gently = (): void => void this.stop(0, 'gently');
    const now = (): void => void this.stop(0, 'now');
    this.host.on('SIGTERM', gently).on('SIGINT', gently).on('SIGHUP', gently).on('disconnect', now);
    this.host.on('message', (message) => message === 'stop' && now());
    this.host.on('message', (message) => message === 'retire' && void this.stop(0, 'retire'));
    this.host.on('uncaughtException', (error) => this.fail(error));
    this.host.on('unhandledRejection', (error) => this.fail(error));
    return this;
  }

  serve(serving: Serving): void {
    this.serving = serving;
  }

  private fail(error: unknown): void {
    if (this.exitCode === 0) this.serving?.report(error); // once: what follows from it would only bury it
    this.exitCode = 1;
    void this.stop(1, 'gently');
  }

  private async stop(code: number, manner: Manner): Promise<void> {
    this.exitCode = Math.max(this.exitCode, code);
    if (manner === 'now') this.hurry.abort();
    if (this.stopping) return;
    this.stopping = true;
    setTimeout(() => this.host.exit(this.exitCode), this.times.deadlineMs).unref();
    if (this.serving !== undefined) await this.finish(this.serving, manner);
    if (manner === 'retire') await this.lastWord();
    this.host.exit(this.exitCode);
  }

  private async finish(serving: Serving, manner: Manner): Promise<void> {
    serving.drain();
    try {
      if (manner === 'retire') await serving.leave();
      else await sleep(this.times.drainMs, undefined, { signal: this.hurry.signal }).catch(() => undefined);
      await serving.close();
    } catch (error) {
      serving.report(error);
      this.exitCode = 1;
    }
  }

  // What the supervisor had handed over before it knew is in the channel before its answer, and goes back to it: no connection is lost.
  private async lastWord(): Promise<void> {
    const answered = new Promise<void>((resolve) => {
      this.host.on('message', (message) => message === BYE && resolve());
    });
    this.host.send?.({ event: 'left' });
    await Promise.race([
      answered,
      sleep(BYE_WITHIN_MS, undefined, { signal: this.hurry.signal }).catch(() => undefined),
    ]);
  }
}
