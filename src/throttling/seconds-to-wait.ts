/** Whole seconds from one moment to another, both in milliseconds; at least 1, so that whoever waits them finds the window over. */
export function secondsToWait(moment: number, now: number): number {
  return Math.max(1, Math.ceil((moment - now) / 1000));
}
