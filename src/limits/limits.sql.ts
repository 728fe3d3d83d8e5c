// Exact sliding windows in PostgreSQL, as fragments for the statement that does the work (design D13, protocol.md 7).
// A counter is one array of instants, newest first, cut to the largest count N. A window of N hits has room when element N is absent or older
// than the window. Invariants: a refusal seen by snapshot writes nothing; rows are locked in key order; a locked row is looked at again.
import type { Limit, LimitWindow } from '../config/limit';

/** One counter that a statement wants to take. Bound as JSON. */
export interface WantedHit {
  readonly key: string;
  readonly counts: readonly number[];
  readonly seconds: readonly number[];
  readonly memory: number;
  /** Whether sends whose code was entered do not count. */
  readonly refundable: boolean;
}

/** A hit that counts whatever comes of it. */
export function countedHit(key: string, { windows, memory }: Pick<Limit, 'windows' | 'memory'>): WantedHit {
  const [counts, seconds] = [windows.map((w) => w.count), windows.map((w) => w.seconds)];
  return { key, counts, seconds, memory, refundable: false };
}

/** A hit that counts no more when the code of its send is entered. */
export function refundableHit(key: string, limit: Pick<Limit, 'windows' | 'memory'>): WantedHit {
  return { ...countedHit(key, limit), refundable: true };
}

/** The cooldown of a number: one hit in one window. */
export function cooldownHit(key: string, seconds: number): WantedHit {
  return { key, counts: [1], seconds: [seconds], memory: 1, refundable: true };
}

/** SQL condition on an array column of failures: true while every window has room. Its text is constant, as configuration is read once. */
export function windowsOpen(column: string, windows: readonly LimitWindow[], now: string): string {
  const conditions = windows.map(
    ({ count, seconds }) =>
      `(${column}[${count}] IS NULL OR ${column}[${count}] <= ${now}::timestamptz - interval '${seconds} seconds')`,
  );
  return conditions.length === 0 ? 'true' : conditions.join(' AND ');
}

/** How many failures a row must keep for `windowsOpen`: the largest count, and at least 1, since the newest is always kept. */
export function memoryOf(windows: readonly LimitWindow[]): number {
  return Math.max(1, ...windows.map(({ count }) => count));
}

/** SQL: the instant from which `windowsOpen` will be true; null when it is true now. */
export function windowsOpenAt(column: string, windows: readonly LimitWindow[], now: string): string {
  const moments = windows.map(({ count, seconds }) => {
    const ends = `${column}[${count}] + interval '${seconds} seconds'`;
    return `CASE WHEN ${ends} > ${now}::timestamptz THEN ${ends} END`;
  });
  return `greatest(NULL::timestamptz, ${moments.join(', ') || 'NULL::timestamptz'})`;
}

/**
 * SQL: the array with one more instant. When even the newest is older than every window the array begins anew, so it stays short where
 * failures are rare.
 */
export function oneMore(column: string, windows: readonly LimitWindow[], now: string): string {
  const longest = Math.max(...windows.map(({ seconds }) => seconds));
  const memory = Math.max(...windows.map(({ count }) => count));
  if (windows.length === 0) return column;
  return `CASE WHEN ${column}[1] > ${now}::timestamptz - interval '${longest} seconds'
             THEN (${now}::timestamptz || ${column})[1:${memory}] ELSE ARRAY[${now}::timestamptz] END`;
}
