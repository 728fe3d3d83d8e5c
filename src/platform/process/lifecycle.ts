// The one owner of this process's end (cases F21, F23). Asked to stop: say "not ready" first, give load balancers time to
// notice, then close, which lets requests in flight finish; a deadline ends what hangs. A parent process (`npm start`) needs
// no such time: its word `stop`, and its death, close at once, so no orphan stays behind.
import { setTimeout as sleep } from 'node:timers/promises';

export interface Serving {
  /** Readiness turns 503; called once. */
  drain(): void;
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
    const gently = (): void => void this.stop({ code: 0, wait: true });
    const now = (): void => void this.stop({ code: 0, wait: false });
    this.host.on('SIGTERM', gently).on('SIGINT', gently).on('SIGHUP', gently).on('disconnect', now);
    this.host.on('message', (message) => message === 'stop' && now());
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
    void this.stop({ code: 1, wait: true });
  }

  private async stop({ code, wait }: { code: number; wait: boolean }): Promise<void> {
    this.exitCode = Math.max(this.exitCode, code);
    if (!wait) this.hurry.abort();
    if (this.stopping) return;
    this.stopping = true;
    setTimeout(() => this.host.exit(this.exitCode), this.times.deadlineMs).unref();
    await this.finish(this.serving);
    this.host.exit(this.exitCode);
  }

  private async finish(serving: Serving | undefined): Promise<void> {
    if (serving === undefined) return;
    serving.drain();
    await sleep(this.times.drainMs, undefined, { signal: this.hurry.signal }).catch(() => undefined);
    try {
      await serving.close();
    } catch (error) {
      serving.report(error);
      this.exitCode = 1;
    }
  }
}
