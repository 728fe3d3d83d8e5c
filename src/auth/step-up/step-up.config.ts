import { ConfigSlice } from '../../config/config-slice';
import { EnvInt } from '../../config/fields';

export class StepUpConfig extends ConfigSlice {
  /** After a password reset by SMS alone the account cannot be changed for so long (security.md 0.4/1); 0 lifts it. */
  @EnvInt({ min: 0, max: 720 }) RECOVERY_HOLD_HOURS: number = 24;
}
