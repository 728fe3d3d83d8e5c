// How long a test waits before it says that nothing happens. On a machine that is busy with other things everything takes longer, and what a
// test waits for comes all the same: PATIENCE=10 waits ten times as long. What the product promises in seconds is no matter of patience.
import { setTimeout as sleep } from 'node:timers/promises';

const FACTOR = Number(process.env['PATIENCE'] ?? 1);

/** @param milliseconds on a quiet machine, amply */
export const patiently = (milliseconds: number): number => milliseconds * FACTOR;

type Looked<T> = T | false | undefined | null;

/**
 * Looks again and again, and returns the first that it finds.
 * @param what is waited for; as a function, with what is there instead
 * @param ms on a quiet machine, amply
 * @param everyMs between looks; 1 where a look later is too late
 * @throws Error that says what did not come
 */
export async function until<T>(
  find: () => Looked<T> | Promise<Looked<T>>,
  what: string | (() => string),
  ms = 30_000,
  everyMs = 20,
): Promise<T> {
  for (const end = performance.now() + patiently(ms); ; await sleep(everyMs)) {
    const found = await find();
    if (found !== false && found !== undefined && found !== null) return found;
    if (performance.now() < end) continue;
    throw new Error(`${typeof what === 'string' ? what : what()} did not come within ${patiently(ms) / 1000} s`);
  }
}
