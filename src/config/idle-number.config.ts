import { ConfigSlice } from './config-slice';
import { EnvInt } from './fields';

/** When an account loses its number to whoever proves it, because networks give unused numbers to somebody else (security.md 5.11, A98). */
export class IdleNumberConfig extends ConfigSlice {
  /** Days without a right code. Fewer than 30 would take numbers that no network has given away yet. */
  @EnvInt({ min: 30, max: 3650 }) PHONE_IDLE_DAYS: number = 90;
}
