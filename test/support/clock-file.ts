import { renameSync, writeFileSync } from 'node:fs';

/** Moves the clock of every program that was given this file as CLOCK_OFFSET_FILE; they read it on each call. */
export class ClockFile {
  private seconds = 0;

  constructor(readonly path: string) {
    this.write();
  }

  /** Whole or fractional seconds, forward from where the clock stands. */
  advance(seconds: number): void {
    this.seconds += seconds;
    this.write();
  }

  /** Now, as the programs see it. */
  now(): Date {
    return new Date(Date.now() + this.seconds * 1000);
  }

  private write(): void {
    // Renamed into place: a program must never read half a number.
    writeFileSync(`${this.path}.new`, String(this.seconds));
    renameSync(`${this.path}.new`, this.path);
  }
}
