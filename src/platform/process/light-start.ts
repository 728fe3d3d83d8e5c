// How V8 works while a program starts (ADR 85): nearly all that runs then runs a few times, so code that other threads make fast, and more
// room for objects that soon die, are work and memory for nothing. Invariant: the light start ends, whatever becomes of the start itself; only `settled` stays.
import { setFlagsFromString } from 'node:v8';

/** Of CPU, for programs that tell of no end of their start: on a busy machine a second passes before a start has come halfway. */
const START_MILLISECONDS = 1000;
const LOOK_MILLISECONDS = 100;
/** Of another V8 than that of Node 20 nothing is known here, so it is let be. */
const isKnown = process.versions.v8.startsWith('11.');
/** What a start does without, and what V8 does by itself: it looks at these whenever it decides. */
const light = ['--no-turbofan', '--semi-space-growth-factor=1'];
const full = ['--turbofan', '--semi-space-growth-factor=2'];
/** For good: threads that V8 wakes to help clear young objects wait for each other, the longer the busier the machine (ADR 88). */
const settled = ['--no-parallel-scavenge'];

let look: NodeJS.Timeout | undefined;

/** Call it when the code that was kept is loaded: V8 takes none that was kept under other flags. */
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
