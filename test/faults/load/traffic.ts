// Many requests and what became of them: how they were answered, how long each took, and whether a refusal said when to come back.
import { appendFileSync } from 'node:fs';
import type { ApiAnswer } from '../../support/api-client';

export interface Sample {
  readonly status: number;
  /** Problem code, empty for a success. */
  readonly code: string;
  readonly ms: number;
  /** Seconds, NaN where the answer says nothing. */
  readonly retryAfter: number;
}

type Ask = (index: number) => Promise<ApiAnswer<unknown>>;

async function sampled(ask: () => Promise<ApiAnswer<unknown>>): Promise<Sample> {
  const began = performance.now();
  const { status, headers, body } = await ask();
  const { code = '' } = (body ?? {}) as { code?: string };
  const retryAfter = Number(headers.get('retry-after') ?? Number.NaN);
  return { status, code: status < 400 ? '' : code, ms: performance.now() - began, retryAfter };
}

/** @param together how many are under way at any moment */
export async function flood(count: number, together: number, ask: Ask): Promise<Sample[]> {
  const samples: Sample[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let index = next++; index < count; index = next++) samples.push(await sampled(() => ask(index)));
  };
  await Promise.all(Array.from({ length: together }, worker));
  return samples;
}

/** Asks one after another until the work is done, and once in any case. */
export async function watched<T>(work: Promise<T>, ask: Ask): Promise<{ result: T; samples: Sample[] }> {
  const samples: Sample[] = [];
  let isOver = false;
  const done = work.finally(() => (isOver = true));
  do samples.push(await sampled(() => ask(samples.length)));
  while (!isOver);
  return { result: await done, samples };
}

/** @param part of 1: 0.5 is the median @returns milliseconds, 0 for none */
export function quantile(samples: readonly Sample[], part: number): number {
  const sorted = samples.map(({ ms }) => ms).sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
}

/** How many of each kind: {"401 credentials_invalid": 12}. */
export function kinds(samples: readonly Sample[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { status, code } of samples) {
    const kind = `${status} ${code}`.trim();
    counts[kind] = (counts[kind] ?? 0) + 1;
  }
  return counts;
}

/** One line of JSON for `npm run bench:load`, which makes a table of them (LOAD_FIGURES names its file); nothing otherwise. */
export function tell(load: string, figures: object): void {
  const file = process.env['LOAD_FIGURES'];
  if (file !== undefined) appendFileSync(file, `${JSON.stringify({ load, ...figures })}\n`);
}

export function times(samples: readonly Sample[]): object {
  const at = (part: number) => Math.round(quantile(samples, part) * 10) / 10;
  return { asked: samples.length, p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}
