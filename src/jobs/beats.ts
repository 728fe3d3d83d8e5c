// Repeats the work of a beat until the process stops. Invariant: an error never ends the beat. A series of failures is logged once, when it begins.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '@nestjs/common';
import { markJob } from '../platform/request/job-mark';
import type { Beat } from './job-registry.service';

export async function beatUntil(stop: AbortSignal, beat: Beat, logger: Logger): Promise<void> {
  const { name, seconds, work } = beat;
  const rest = () => sleep(seconds * 1000, undefined, { signal: stop, ref: false }).catch(() => undefined);
  let failing = false;
  if (beat.isBegun?.() === true) await rest();
  while (!stop.aborted) {
    await markJob(() => work(stop)).then(
      () => (failing = false),
      (error: unknown) => {
        if (!failing) logger.warn(`${name} failed: ${error instanceof Error ? error.message : String(error)}`);
        failing = true;
      },
    );
    await rest();
  }
}
