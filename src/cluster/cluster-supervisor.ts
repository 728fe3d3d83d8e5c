// Keeps a number of instances running on one port. The supervisor serves no requests itself and keeps nothing on disk. If it dies, its instances
// end, and whatever restarts it gets new ones. Invariants: an instance that dies is replaced, after longer and longer waits while it keeps
// dying. A rolling restart starts the new instance before it ends the old one, and stops at the first that does not come up. When one
// instance of the first start fails, start() is rejected, and the caller ends them all.
import cluster from 'node:cluster';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Metrics } from '../platform/metrics/metrics';
import type { Output } from '../platform/process/output';
import type { ReadyLine } from '../platform/process/ready-line';
import { Instance } from './instance';
import { afterCrash } from './restart.policy';

interface Place {
  readonly name: string;
  /** Absent while a crash waits for its restart. */
  instance: Instance | undefined;
  crashes: number;
}

const restartReasons = ['crash', 'rolling'] as const;

/** An attempt to replace an instance in a rolling restart, in which the next instance did not come up. */
interface FailedTakeover {
  readonly before: Instance | undefined;
  readonly next: Instance;
  readonly why: string;
}

export class ClusterSupervisor {
  private readonly places: Place[];
  /** All instances that have not ended. While one takes over from another, a place has two. */
  private readonly living = new Set<Instance>();
  private readonly stopping = new AbortController();
  private rolling: Promise<void> | undefined;
  private readonly restarted: (labels: { readonly reason: (typeof restartReasons)[number] }, by?: 0 | 1) => void;

  /** @param module the built program of an instance @param env the environment of each */
  constructor(
    module: string,
    count: number,
    private readonly env: NodeJS.ProcessEnv,
    private readonly output: Output,
    metrics: Metrics,
  ) {
    cluster.setupPrimary({
      exec: module,
      args: [],
      execArgv: [],
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    });
    this.places = Array.from({ length: count }, (_, n) => ({ name: String(n + 1), instance: undefined, crashes: 0 }));
    this.restarted = metrics.counter({
      name: 'latchkey_cluster_restarts_total',
      help: 'Instances started again by the supervisor, after a crash or by a rolling restart',
      labels: ['reason'],
    });
    for (const reason of restartReasons) this.restarted({ reason }, 0);
    metrics.gauge(
      { name: 'latchkey_cluster_instances', help: 'Instances that run below the supervisor', labels: [] },
      () => [{ labels: {}, value: this.running.length }],
    );
  }

  /** The instances that run now, with their names. */
  get running(): Instance[] {
    return this.places.flatMap(({ instance }) => instance ?? []);
  }

  /** @returns the ready line of the first instance. @throws OperatorError when one does not come up; stop() must be called then, too */
  async start(): Promise<ReadyLine> {
    const begun = this.places.map((place) => this.begin(place));
    const [ready = {}] = await Promise.all(begun.map((instance) => instance.ready));
    for (const place of this.places) this.watch(place);
    return ready;
  }

  /** Replaces all instances, one after the other. A second call meanwhile waits for the same restart. */
  restart(): Promise<void> {
    this.rolling ??= this.roll().finally(() => (this.rolling = undefined));
    return this.rolling;
  }

  /** @returns whether every instance ended well */
  async stop({ gently }: { gently: boolean }): Promise<boolean> {
    this.stopping.abort();
    const ends = await Promise.all([...this.living].map((one) => (gently ? one.drain() : one.stop())));
    await this.rolling;
    return ends.every(({ clean }) => clean);
  }

  private begin(place: Place): Instance {
    const instance = new Instance(place.name, this.env, (line) => this.output.line(line));
    place.instance = instance;
    this.living.add(instance);
    void instance.ended.then(() => this.living.delete(instance));
    return instance;
  }

  private watch(place: Place): void {
    const { instance } = place;
    if (instance === undefined) return;
    void instance.ended.then(({ how }) => {
      if (instance.isLeaving || this.stopping.signal.aborted || place.instance !== instance) return;
      void this.replace(place, instance, how);
    });
  }

  private async replace(place: Place, dead: Instance, how: string): Promise<void> {
    const { inRow, delayMilliseconds } = afterCrash(place.crashes, performance.now() - dead.startedAt);
    place.crashes = inRow;
    place.instance = undefined;
    this.output.note(`latchkey: ${how}; it is started again in ${delayMilliseconds} ms`);
    await sleep(delayMilliseconds, undefined, { signal: this.stopping.signal }).catch(() => undefined);
    if (this.stopping.signal.aborted || place.instance !== undefined) return;
    this.restarted({ reason: 'crash' });
    this.begin(place);
    this.watch(place);
  }

  private async roll(): Promise<void> {
    for (const place of this.places) {
      if (this.stopping.signal.aborted) return;
      const before = place.instance;
      const next = this.begin(place);
      try {
        await next.ready;
      } catch (error) {
        return this.giveUp(place, { before, next, why: (error as Error).message });
      }
      this.watch(place);
      this.restarted({ reason: 'rolling' });
      await before?.retire();
    }
    this.output.note('latchkey: every instance was restarted');
  }

  private giveUp(place: Place, { before, next, why }: FailedTakeover): void {
    place.instance = before;
    if (this.stopping.signal.aborted) return;
    this.output.note(`latchkey: the rolling restart is given up, the others go on: ${why}`);
    // This is needed also for a place that was empty: its own restart may have come due meanwhile, and found the place taken.
    const dead = before ?? next;
    if (dead.hasEnded) void this.replace(place, dead, `instance ${place.name} ended meanwhile`);
  }
}
