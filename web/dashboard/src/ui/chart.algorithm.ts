// What a chart draws, from the steps that the API tells: pure. Steps in which nothing happened are absent there and gaps here.

export interface Series {
  readonly name: string;
  /** One per step; null: nothing to show there. */
  readonly values: readonly (number | null)[];
}

const MARKS = 4;

interface Period {
  readonly from: string;
  readonly to: string;
  readonly stepSeconds: number;
}

/** Begins of all steps of a period, those without a figure included: a gap is news too. */
export function stepsOf({ from, to, stepSeconds }: Period): string[] {
  const length = stepSeconds * 1000;
  const first = Math.floor(Date.parse(from) / length) * length;
  const count = Math.max(0, Math.ceil((Date.parse(to) - first) / length));
  return Array.from({ length: count }, (_, at) => new Date(first + at * length).toISOString());
}

/** @param none what a step without a figure has: 0 for counts, null for rates */
export function seriesOf<Step extends { readonly at: string }>(
  steps: readonly string[],
  told: readonly Step[],
  name: (step: Step) => string,
  value: (step: Step) => number | null,
  none: number | null,
): Series[] {
  const names = [...new Set(told.map(name))].sort();
  return names.map((one) => {
    const own = new Map(told.filter((step) => name(step) === one).map((step) => [Date.parse(step.at), value(step)]));
    return { name: one, values: steps.map((step) => own.get(Date.parse(step)) ?? none) };
  });
}

export function sumOf({ values }: Series): number {
  return values.reduce<number>((sum, value) => sum + (value ?? 0), 0);
}

/** The newest there is. */
export function lastOf({ values }: Series): number | null {
  return values.findLast((value) => value !== null) ?? null;
}

/** How far the axis goes: four times the next of 1, 2, 3, 5 and 10 times a power of ten, so that its marks are round; of bars for their sum. */
export function scaleOf(series: readonly Series[], kind: 'bars' | 'lines', least: number): number {
  const count = Math.max(0, ...series.map(({ values }) => values.length));
  const at = (step: number) => series.map(({ values }) => values[step] ?? 0);
  const heights = Array.from({ length: count }, (_, step) =>
    kind === 'bars' ? at(step).reduce((sum, value) => sum + value, 0) : Math.max(0, ...at(step)),
  );
  const highest = Math.max(least, ...heights);
  if (kind === 'lines') return highest;
  const mark = highest / MARKS;
  const power = 10 ** Math.floor(Math.log10(mark));
  return MARKS * power * ([1, 2, 3, 5].find((nice) => nice * power >= mark) ?? 10);
}

export function ticksOf(top: number): number[] {
  return Array.from({ length: MARKS + 1 }, (_, at) => (at * top) / MARKS);
}
