// The machine's clock. Tests can move it by a file with a number of seconds (CLOCK_OFFSET_FILE, refused in production).
import { readFileSync } from 'node:fs';
import { Clock } from './clock';

export class SystemClock extends Clock {
  /** @param offsetFile contains the seconds to add; read at each call, so that tests can change it. Absent or unreadable counts as 0 */
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
