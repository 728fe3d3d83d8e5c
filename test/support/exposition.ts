// Reads what Prometheus reads: the text format, strictly, one sample per line.
import type { System } from './instance';

export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface Exposition {
  readonly text: string;
  readonly types: ReadonlyMap<string, string>;
  readonly samples: readonly Sample[];
}

/** @throws Error at the first line that is none of the format */
export function parseExposition(text: string): Exposition {
  const types = new Map<string, string>();
  const samples: Sample[] = [];
  for (const line of text.split('\n')) {
    const [, type, kind] = /^# TYPE (\w+) (counter|gauge|histogram|summary)$/.exec(line) ?? [];
    if (type !== undefined && kind !== undefined) types.set(type, kind);
    if (line === '' || line.startsWith('#')) continue;
    const [, name = '', inner = '', value = ''] =
      /^([a-z_]\w*)(?:\{((?:\w+="[^"\\\n]*",?)*)\})? ([Nn]a[Nn]|[+-]?Inf|[-+.\de]+)$/.exec(line) ?? [];
    if (name === '') throw new Error(`not a sample: ${line}`);
    const pairs = [...inner.matchAll(/(\w+)="([^"]*)"/g)].map(([, key = '', word = '']) => [key, word] as const);
    const labels: Record<string, string> = Object.fromEntries(pairs);
    samples.push({ name, labels, value: Number(value.replace('Inf', 'Infinity')) });
  }
  return { text, types, samples };
}

/** What an instance tells whoever scrapes it now. */
export async function scraped(system: System, instance = 0): Promise<Exposition> {
  const answer = await fetch(`${String(system.ready(instance)['metrics'])}/metrics`);
  return parseExposition(await answer.text());
}

/** The sum of the samples of a name whose labels fit. */
export function sumOf({ samples }: Exposition, name: string, labels: Readonly<Record<string, string>> = {}): number {
  const fits = samples.filter(
    (sample) => sample.name === name && Object.entries(labels).every(([key, value]) => sample.labels[key] === value),
  );
  return fits.reduce((sum, { value }) => sum + value, 0);
}
