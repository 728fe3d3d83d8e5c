// Alone decides how this process ends (cases F21, F23). After a signal it reports "not ready", gives load balancers time to notice, then closes,
// which lets requests in flight finish. A deadline ends whatever hangs. When the parent process (`npm start`) says `stop` or dies, it closes at
// once: no time to notice is needed, and no orphan must stay. When the supervisor of a cluster, whose port other instances go on serving, says
// `retire`, it takes no new connections, serves those that it has, then closes.
import { setTimeout as sleep } from 'node:timers/promises';
import { isToldOfStray } from '../request/stray-mark';

export interface Serving {
  /** Makes readiness answer 503. Called once. */
  drain(): void;
  /** Takes no new connections and goes on serving those there are. @returns when there are none left, or after a time limit */
  leave(): Promise<void>;
  /** Finishes the requests in flight and releases everything. */
  close(): Promise<void>;
  /** Logs the bug that ends the process. */
  report(error: unknown): void;
}

export interface LifecycleTimes {
  /** Time between "not ready" and closing, after a signal. */
  readonly drainMs: number;
  /** Time from the request to stop until the process exits in any case. */
  readonly deadlineMs: number;
}

const defaults: LifecycleTimes = { drainMs: 3000, deadlineMs: 15_000 };

/** gently: asked by a signal. now: asked by the parent, or the parent is dead. retire: asked by a supervisor whose other instances go on. */
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

  /** Must be called first: from here on a request to stop is noticed, even while the application is still being made. */
  listen(): this {
    const gently = (): void => void this.stop(0, 'gently');
    const now = (): void => void this.stop(0, 'now');
    this.host.on('SIGTERM', gently).on('SIGINT', gently).on('SIGHUP', gently).on('disconnect', now);
    this.host.on('message', (message) => message === 'stop' && now());
    this.host.on('message', (message) => message === 'retire' && void this.stop(0, 'retire'));
    this.host.on('uncaughtException', (error) => this.fail(error));
    this.host.on('unhandledRejection', (error) => isToldOfStray(error) || this.fail(error));
    return this;
  }

  serve(serving: Serving): void {
    this.serving = serving;
  }

  private fail(error: unknown): void {
    if (this.exitCode === 0) this.serving?.report(error); // only the first: later errors follow from it and would hide it
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

  // The supervisor may have sent connections before it knew. They come before its answer to this message and go back to it, so none is lost.
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
