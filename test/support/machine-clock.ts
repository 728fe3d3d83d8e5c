// The machine's clock as this test process sees it; timers go on as ever. For programs there is CLOCK_OFFSET_FILE, which moves our own clock only.

const TIMERS = [
  ...(['hrtime', 'nextTick', 'performance', 'queueMicrotask', 'setImmediate', 'clearImmediate'] as const),
  ...(['setInterval', 'clearInterval', 'setTimeout', 'clearTimeout'] as const),
];

/** From now on the clock stands still at this time. */
export function setMachineClock(at: number): void {
  jest.useFakeTimers({ now: at, doNotFake: TIMERS });
}

/** The clock is right again. */
export function restoreMachineClock(): void {
  jest.useRealTimers();
}
