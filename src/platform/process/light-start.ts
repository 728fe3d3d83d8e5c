// V8's settings while a program starts (ADR 85). During a start nearly all code runs only a few times, so optimising it in other threads and
// enlarging the space for young objects is wasted work. Invariant: these settings end even if the start fails; only `settled` stays.
import { setFlagsFromString } from 'node:v8';

/** CPU time after which they end for programs that do not report the end of their start. Not wall time: on a busy machine a start takes longer. */
const START_MILLISECONDS = 1000;
const LOOK_MILLISECONDS = 100;
/** Tried on the V8 of Node 20 and of Node 24, which the images run. With any other version nothing is changed. */
const isKnown = /^(11\.3|13\.6)\./.test(process.versions.v8);
/** First what a start does without; V8 looks at these flags whenever it decides. */
const light = ['--no-turbofan', '--semi-space-growth-factor=1'];
const full = ['--turbofan', '--semi-space-growth-factor=2'];
/**
 * Stays for good: the threads that V8 wakes to help with clearing young objects wait for each other, for longer the busier the machine is
 * (ADR 88).
 */
const settled = ['--no-parallel-scavenge'];

let look: NodeJS.Timeout | undefined;

/** Call it after the kept code was loaded, since V8 refuses code that was kept under other flags. */
export function startLightly(): void {
  if (!isKnown) return;
  [...settled, ...light].forEach(setFlagsFromString);
  look = setInterval(endWhenLong, LOOK_MILLISECONDS).unref();
}

function endWhenLong(): void {
  const { user, system } = process.cpuUsage();
  if ((user + system) / 1000 >= START_MILLISECONDS) endLightStart();
}

export function endLightStart(): void {
  clearInterval(look);
  if (isKnown) full.forEach(setFlagsFromString);
}
