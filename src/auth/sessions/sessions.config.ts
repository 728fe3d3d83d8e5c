import { ConfigSlice } from '../../config/config-slice';
import { EnvChoice } from '../../config/fields';
import { EnvLimit, Limit } from '../../config/limit';

interface Lifetimes {
  /** Seconds without a refresh after which the session ends. */
  readonly idleSeconds: number;
  /** Seconds after which the session ends in any case. */
  readonly absoluteSeconds: number;
}

const HOUR = 3600;
const DAY = 24 * HOUR;

// security.md 5.5: `strict` is what NIST demands at AAL2; `consumer` deviates from it, as documented there.
const profiles: Readonly<Record<'consumer' | 'strict', Lifetimes>> = {
  consumer: { idleSeconds: 7 * DAY, absoluteSeconds: 30 * DAY },
  strict: { idleSeconds: HOUR, absoluteSeconds: DAY },
};

export class SessionsConfig extends ConfigSlice {
  @EnvChoice('consumer', 'strict') SESSION_PROFILE: 'consumer' | 'strict' = 'consumer';
  /** Rotations per session (security.md 5.4). */
  @EnvLimit('30/1m') LIMIT_REFRESH_FAMILY!: Limit;

  get idleSeconds(): number {
    return profiles[this.SESSION_PROFILE].idleSeconds;
  }

  get absoluteSeconds(): number {
    return profiles[this.SESSION_PROFILE].absoluteSeconds;
  }
}
