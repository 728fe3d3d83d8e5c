// Metrics of this process in the form that Prometheus reads. Modules declare their own series (*.metrics.ts). Counting is one look-up in memory;
// figures that take a query are read only when somebody scrapes.
// Invariant: the number of series is bounded. Combinations of labels beyond the bound are counted under `other`.
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { inTime } from '../time/in-time';

/** How many combinations of labels a series may have. Our labels take values of closed sets, so none comes near it. */
const COMBINATIONS = 2000;
const OTHER = 'other';
/** A database that is away must not hold a scrape for longer than Prometheus waits. */
const SCRAPE_MILLISECONDS = 2500;

export interface Series<Label extends string> {
  /** Begins with latchkey_; a counter ends in _total, a duration in _seconds. */
  readonly name: string;
  readonly help: string;
  readonly labels: readonly Label[];
}

export type Labels<Label extends string> = Readonly<Record<Label, string>>;

type Count<Label extends string> = (labels: Labels<Label>, by?: 0 | 1) => void;

/** One value of a gauge at the moment of a scrape. */
export interface Reading<Label extends string> {
  readonly labels: Labels<Label>;
  readonly value: number;
}

export class Metrics {
  private readonly registry = new Registry();
  private readonly failures = this.counter({
    name: 'latchkey_scrape_failures_total',
    help: 'Gauges that could not be read when they were asked for, by series',
    labels: ['series'],
  });

  /**
   * @returns a function that counts one more. Told 0, it only makes the series be there: Prometheus' increase() does not see the value with which
   * a series begins, so what an alert rule counts by increase() must begin at 0
   */
  counter<Label extends string>({ name, help, labels }: Series<Label>): Count<Label> {
    const counter = new Counter({ name, help, labelNames: [...labels], registers: [this.registry] });
    if (labels.length === 0) counter.inc(0);
    const bound = bounded(labels, (found) => counter.labels(found));
    return (values, by = 1) => bound(values).inc(by);
  }

  /** @param buckets upper bounds in seconds. @returns a function that records one duration in seconds */
  durations<Label extends string>(
    { name, help, labels }: Series<Label>,
    buckets: readonly number[],
  ): (labels: Labels<Label>, seconds: number) => void {
    const options = { name, help, labelNames: [...labels], buckets: [...buckets], registers: [this.registry] };
    const histogram = new Histogram(options);
    const bound = bounded(labels, (found) => histogram.labels(found));
    return (values, seconds) => bound(values).observe(seconds);
  }

  /** @param read called at every scrape. When it throws, the series stays empty and the failure is counted */
  gauge<Label extends string>(
    { name, help, labels }: Series<Label>,
    read: () => readonly Reading<Label>[] | Promise<readonly Reading<Label>[]>,
  ): void {
    const { failures } = this;
    failures({ series: name }, 0);
    new Gauge({
      name,
      help,
      labelNames: [...labels],
      registers: [this.registry],
      async collect() {
        this.reset();
        try {
          const readings = await inTime(SCRAPE_MILLISECONDS, Promise.resolve(read()));
          const bound = bounded(labels, (found) => this.labels(found));
          for (const { labels: values, value } of readings) bound(values).set(value);
        } catch {
          failures({ series: name });
        }
      },
    });
  }

  /** Memory, processor, garbage collection and delay of the event loop, from now on. May be called once per process. */
  observeProcess(): void {
    collectDefaultMetrics({ register: this.registry, prefix: 'latchkey_', eventLoopMonitoringPrecision: 20 });
  }

  get contentType(): string {
    return this.registry.contentType;
  }

  /** All series in Prometheus' text format. */
  text(): Promise<string> {
    return this.registry.metrics();
  }
}

interface Branch<Child> {
  readonly further: Map<string, Branch<Child>>;
  child?: Child;
}

/** The child series of each combination of labels, looked up once: asking the library each time, or joining a key, costs more than counting. */
function bounded<Label extends string, Child>(
  names: readonly Label[],
  make: (labels: Labels<Label>) => Child,
): (labels: Labels<Label>) => Child {
  const root: Branch<Child> = { further: new Map() };
  let count = 0;
  return (labels) => {
    let branch: Branch<Child> | undefined = root;
    for (const name of names) branch = branch?.further.get(labels[name]);
    if (branch?.child !== undefined) return branch.child;
    if (count >= COMBINATIONS) return make(Object.fromEntries(names.map((name) => [name, OTHER])) as Labels<Label>);
    count += 1;
    return (grow(
      root,
      names.map((name) => labels[name]),
    ).child = make(labels));
  };
}

function grow<Child>(root: Branch<Child>, path: readonly string[]): Branch<Child> {
  let branch = root;
  for (const part of path) {
    let next = branch.further.get(part);
    if (next === undefined) branch.further.set(part, (next = { further: new Map() }));
    branch = next;
  }
  return branch;
}
