import { ConfigSlice, Environment, Problem } from './config-slice';
import { EnvString } from './fields';

export class ClockConfig extends ConfigSlice {
  /** A file with a number of seconds, by which tests move our clock. Read at each call. */
  @EnvString() CLOCK_OFFSET_FILE?: string;

  override problems({ production }: Environment): Problem[] {
    if (!production || this.CLOCK_OFFSET_FILE === undefined) return [];
    return [{ key: 'CLOCK_OFFSET_FILE', reason: 'is for tests and refused in production' }];
  }
}
