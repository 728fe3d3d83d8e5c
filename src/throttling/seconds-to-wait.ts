/** Whole seconds between two moments in milliseconds, rounded up; at least 1, so the window has ended for whoever waits that long. */
export function secondsToWait(moment: number, now: number): number {
  return Math.max(1, Math.ceil((moment - now) / 1000));
}
