// Shows on stderr how far a long command has come: a bar on a terminal; otherwise, for logs, a plain line now and then.
import { Presets, SingleBar } from 'cli-progress';
import type { Clock } from '../platform/clock/clock';

const LINE_EVERY_MILLISECONDS = 5000;
const MEBIBYTE = 1024 * 1024;

export interface Step {
  readonly done: number;
  readonly total: number;
  /** The results so far, in a few words. */
  readonly note: string;
}

export class Progress {
  private readonly bar: SingleBar | undefined;
  private isStarted = false;
  private nextLineAt = 0;

  constructor(private readonly clock: Clock) {
    if (!process.stderr.isTTY) return;
    const format = '{bar} {percentage} % | {note} | {eta_formatted} left';
    this.bar = new SingleBar(
      { format, stream: process.stderr, hideCursor: true, etaBuffer: 50 },
      Presets.shades_classic,
    );
  }

  /** @param step in bytes */
  at(step: Step): void {
    if (this.bar === undefined) return this.line(step);
    if (this.isStarted) this.bar.update(step.done, { note: step.note });
    else this.bar.start(step.total, step.done, { note: step.note });
    this.isStarted = true;
  }

  /** Clears the bar from the terminal. */
  end(): void {
    if (this.isStarted) this.bar?.stop();
  }

  private line({ done, total, note }: Step): void {
    const now = this.clock.now().getTime();
    const isOver = done === total;
    if (now < this.nextLineAt && !isOver) return;
    this.nextLineAt = now + LINE_EVERY_MILLISECONDS;
    const [at, of] = [done, total].map((bytes) => (bytes / MEBIBYTE).toFixed(1));
    process.stderr.write(`${at} of ${of} MiB, ${note}\n`);
  }
}
