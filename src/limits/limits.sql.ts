// Exact sliding windows in PostgreSQL, as fragments that a spanning statement embeds (design D13, protocol.md 7).
// A window is one array of instants, newest first, cut to the largest count: allowed when element N is absent or older
// than the window. Invariants: a refusal seen by snapshot writes nothing; rows are locked in key order; the locked row is re-checked.
import type { Limit, LimitWindow } from '../config/limit';

/** What a statement wants to take: one entry per counter. Bound as JSON. */
export interface WantedHit {
  readonly key: string;
  readonly counts: readonly number[];
  readonly seconds: readonly number[];
  readonly memory: number;
  /** Whether sends whose code was entered are given back before counting. */
  readonly refundable: boolean;
}

export function wantedHit(key: string, limit: Pick<Limit, 'windows' | 'memory'>, refundable: boolean): WantedHit {
  const { windows, memory } = limit;
  return { key, counts: windows.map((w) => w.count), seconds: windows.map((w) => w.seconds), memory, refundable };
}

/** The cooldown of a number: one window of one hit. */
export function cooldownHit(key: string, seconds: number): WantedHit {
  return { key, counts: [1], seconds: [seconds], memory: 1, refundable: true };
}

/** Condition on an array column of failures: open while each window still has room. Constant text, as configuration is read once. */
export function windowsOpen(column: string, windows: readonly LimitWindow[], now: string): string {
  const conditions = windows.map(
    ({ count, seconds }) =>
      `(${column}[${count}] IS NULL OR ${column}[${count}] <= ${now}::timestamptz - interval '${seconds} seconds')`,
  );
  return conditions.length === 0 ? 'true' : conditions.join(' AND ');
}

/** How many failures a row has to remember for `windowsOpen`; at least the last one. */
export function memoryOf(windows: readonly LimitWindow[]): number {
  return Math.max(1, ...windows.map(({ count }) => count));
}

/** The moment from which `windowsOpen` holds again, of columns where it does not; null when it holds. */
export function windowsOpenAt(column: string, windows: readonly LimitWindow[], now: string): string {
  const moments = windows.map(({ count, seconds }) => {
    const ends = `${column}[${count}] + interval '${seconds} seconds'`;
    return `CASE WHEN ${ends} > ${now}::timestamptz THEN ${ends} END`;
  });
  return `greatest(NULL::timestamptz, ${moments.join(', ') || 'NULL::timestamptz'})`;
}

/** The array after one more: what no window looks at any more goes, so that whoever is slow has one element. */
export function oneMore(column: string, windows: readonly LimitWindow[], now: string): string {
  const longest = Math.max(...windows.map(({ seconds }) => seconds));
  const memory = Math.max(...windows.map(({ count }) => count));
  if (windows.length === 0) return column;
  return `CASE WHEN ${column}[1] > ${now}::timestamptz - interval '${longest} seconds'
             THEN (${now}::timestamptz || ${column})[1:${memory}] ELSE ARRAY[${now}::timestamptz] END`;
}
