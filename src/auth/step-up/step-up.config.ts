import { ConfigSlice } from '../../config/config-slice';
import { EnvInt } from '../../config/fields';

export class StepUpConfig extends ConfigSlice {
  /** Hours after a password reset by SMS alone in which the account cannot be changed (security.md 0.4/1); 0: no such time. */
  @EnvInt({ min: 0, max: 720 }) RECOVERY_HOLD_HOURS: number = 24;
}
