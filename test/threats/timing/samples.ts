// The timing rule of the security cases: 300 interleaved samples each, the first 20 dropped; two kinds of request are alike
// when the AUC (Mann-Whitney) lies in 0.40 to 0.60 and the medians differ by less than 5 % or 5 ms.

const SAMPLES = 300;
const DROPPED = 20;

export type Attempt = () => Promise<void>;

/** Milliseconds of each kind. Taken in turn, forwards and backwards and from another one each round, so that drift, order and what the one before has left to do hit all kinds alike. */
export async function interleaved(attempts: Readonly<Record<string, Attempt>>): Promise<Map<string, number[]>> {
  const kinds = Object.entries(attempts);
  const times = new Map(kinds.map(([kind]) => [kind, [] as number[]]));
  for (let round = 0; round < SAMPLES; round += 1) {
    for (let n = 0; n < kinds.length; n += 1) {
      const turn = Math.floor(round / 2) + (round % 2 === 0 ? n : kinds.length - n);
      const [kind, attempt] = kinds[turn % kinds.length] ?? [];
      if (kind === undefined || attempt === undefined) continue;
      const start = performance.now();
      await attempt();
      if (round >= DROPPED) times.get(kind)?.push(performance.now() - start);
    }
  }
  return times;
}

/** Probability that a sample of `a` is larger than one of `b`; ties count half. */
function auc(a: readonly number[], b: readonly number[]): number {
  let larger = 0;
  for (const x of a) for (const y of b) larger += x > y ? 1 : x === y ? 0.5 : 0;
  return larger / (a.length * b.length);
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((x, y) => x - y);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

export interface Difference {
  readonly auc: number;
  readonly medians: readonly [number, number];
  readonly alike: boolean;
}

export function compared(a: readonly number[] = [], b: readonly number[] = []): Difference {
  const medians = [median(a), median(b)] as const;
  const difference = Math.abs(medians[0] - medians[1]);
  const area = auc(a, b);
  const close = difference < 5 || difference / Math.min(...medians) < 0.05;
  return { auc: area, medians, alike: area >= 0.4 && area <= 0.6 && close };
}

/** The first kind against each of the others. */
export function expectAlike(times: Map<string, number[]>): void {
  const [[first, reference = []] = [''], ...others] = [...times];
  const all = others.map(([kind, samples]) => ({ kind, first, ...compared(samples, reference) }));
  expect(all.filter(({ alike }) => !alike)).toEqual([]);
}
