// The machine's clock, moved by a file of seconds when tests ask for it (CLOCK_OFFSET_FILE, refused in production).
import { readFileSync } from 'node:fs';
import { Clock } from './clock';

export class SystemClock extends Clock {
  /** @param offsetFile file that holds seconds to add, re-read on each call; absent or unreadable counts as 0 */
  constructor(private readonly offsetFile?: string) {
    super();
  }

  override now(): Date {
    return new Date(Date.now() + this.offsetMilliseconds());
  }

  private offsetMilliseconds(): number {
    if (this.offsetFile === undefined) return 0;
    try {
      const seconds = Number(readFileSync(this.offsetFile, 'utf8'));
      return Number.isFinite(seconds) ? seconds * 1000 : 0;
    } catch {
      return 0;
    }
  }
}
