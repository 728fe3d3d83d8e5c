// The bound of one fetch, in time that this process runs. A plain timer also fires when the process itself stood still (was stopped
// or throttled, or was busy starting): before the answer is read that lies in the socket, or before anything was even asked. Then
// the issuer was called away that was well, and every caller got 503 for two seconds.

/** A standstill, however long, takes two steps of so many at most. So the sockets are read 25 times at least before 50 ms or more are over. */
const STEPS = 50;
/** A timer is not finer. */
const LEAST_STEP_MS = 1;

export interface TimeLimit {
  /** Aborts with a TimeoutError. */
  readonly signal: AbortSignal;
  /** To be called when the work has ended, well or not. */
  clear(): void;
}

/** @param milliseconds at least 1; without a standstill it is exact to a timer's precision */
export function timeLimit(milliseconds: number): TimeLimit {
  const controller = new AbortController();
  const step = Math.max(LEAST_STEP_MS, milliseconds / STEPS);
  let left = milliseconds;
  let before = performance.now();
  let timer = setTimeout(look, step);
  timer.unref();

  function look(): void {
    const now = performance.now();
    left -= Math.min(now - before, 2 * step);
    before = now;
    if (left <= 0)
      return controller.abort(new DOMException('The operation was aborted due to timeout', 'TimeoutError'));
    timer = setTimeout(look, Math.min(step, left));
    timer.unref();
  }
  return { signal: controller.signal, clear: () => clearTimeout(timer) };
}
