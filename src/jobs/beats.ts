// Repeats the work of a beat until the process stops. Invariant: an error never ends the beat. A series of failures is logged once, when it begins.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '@nestjs/common';
import { messageOf } from '../platform/errors/message-of';
import { markJob } from '../platform/request/job-mark';

/** Work that every instance repeats. The work itself finds out whether there is something to do. */
export interface Beat {
  readonly name: string;
  /** Seconds of rest between two rounds. */
  readonly seconds: number;
  /** Whether the start of the process has done the first round already. Absent: it has not. */
  readonly isBegun?: () => boolean;
  readonly work: (signal: AbortSignal) => Promise<void>;
}

export async function beatUntil(stop: AbortSignal, beat: Beat, logger: Logger): Promise<void> {
  const { name, seconds, work } = beat;
  const rest = () => sleep(seconds * 1000, undefined, { signal: stop, ref: false }).catch(() => undefined);
  let failing = false;
  if (beat.isBegun?.() === true) await rest();
  while (!stop.aborted) {
    await markJob(() => work(stop)).then(
      () => (failing = false),
      (error: unknown) => {
        if (!failing) logger.warn(`${name} failed: ${messageOf(error)}`);
        failing = true;
      },
    );
    await rest();
  }
}
