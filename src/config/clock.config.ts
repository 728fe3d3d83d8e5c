// Lets tests move the clock of a running program. Refused in production.
import { ConfigSlice, Environment, Problem } from './config-slice';
import { EnvString } from './fields';

export class ClockConfig extends ConfigSlice {
  /** Path of a file with a number of seconds, which are added to the time. The file is read each time that the clock is asked. */
  @EnvString() CLOCK_OFFSET_FILE?: string;

  override problems({ production }: Environment): Problem[] {
    if (!production || this.CLOCK_OFFSET_FILE === undefined) return [];
    return [{ key: 'CLOCK_OFFSET_FILE', reason: 'is for tests and refused in production' }];
  }
}
