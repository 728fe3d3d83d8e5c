import { ConfigSlice, Problem } from '../../config/config-slice';
import { EnvInt } from '../../config/fields';
import { EnvLimit, Limit, type LimitWindow } from '../../config/limit';

/**
 * When to raise an alarm because so many codes fail that somebody must be guessing: by default more than half of 100 in ten minutes
 * (security.md 5.4).
 */
export class FactorAlarmConfig extends ConfigSlice {
  /** One window: so many attempts within it are needed before their ratio means anything. */
  @EnvLimit('100/10m') FACTOR_ALARM!: Limit;
  /** Percent of failed codes above which the alarm is raised. It ends at half of that. */
  @EnvInt({ min: 2, max: 99 }) FACTOR_ALARM_PERCENT: number = 50;

  override problems(): Problem[] {
    return this.FACTOR_ALARM.windows.length > 1 ? [{ key: 'FACTOR_ALARM', reason: 'must be one window' }] : [];
  }

  /** Undefined: the alarm is off. */
  get window(): LimitWindow | undefined {
    return this.FACTOR_ALARM.windows[0];
  }
}
