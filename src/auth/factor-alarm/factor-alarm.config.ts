import { ConfigSlice, Problem } from '../../config/config-slice';
import { EnvInt } from '../../config/fields';
import { EnvLimit, Limit, type LimitWindow } from '../../config/limit';

/** When so many codes fail that somebody must be guessing: more than half of 100 within ten minutes (security.md 5.4). */
export class FactorAlarmConfig extends ConfigSlice {
  /** One window: from so many attempts on their ratio means something. */
  @EnvLimit('100/10m') FACTOR_ALARM!: Limit;
  /** Above this the alarm is raised; below half of it, it ends. */
  @EnvInt({ min: 2, max: 99 }) FACTOR_ALARM_PERCENT: number = 50;

  override problems(): Problem[] {
    return this.FACTOR_ALARM.windows.length > 1 ? [{ key: 'FACTOR_ALARM', reason: 'must be one window' }] : [];
  }

  /** Undefined: off. */
  get window(): LimitWindow | undefined {
    return this.FACTOR_ALARM.windows[0];
  }
}
