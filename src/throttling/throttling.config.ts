// Limits that are friction (design D13): counted per address or session, in process, never the last line of defence.
import { ConfigSlice, type Environment, type Problem } from '../config/config-slice';
import { defaultLimit, EnvLimit, Limit, limitsOff } from '../config/limit';

/** The defaults of security.md 5.4; ours are LIMIT_STATUS, for a page that polls once a second, LIMIT_CLIENT_ADDRESS and LIMIT_CLIENT. */
const defaults = {
  LIMIT_PASSWORD_ADDRESS: '30/5m,200/1h',
  LIMIT_FACTOR_ADDRESS: '30/5m',
  LIMIT_REGISTER_ADDRESS: '10/1h',
  LIMIT_RESET_ADDRESS: '10/1h',
  LIMIT_SESSION: '120/1m',
  LIMIT_UNAUTHENTICATED: '60/1m',
  LIMIT_STATUS: '120/1m',
  LIMIT_WEBHOOK: '200/1s',
  LIMIT_CLIENT_ADDRESS: '30/5m',
  LIMIT_CLIENT: '6000/1m',
} as const;

export type LimitName = keyof typeof defaults;
export const limitNames = Object.keys(defaults) as readonly LimitName[];
/** Limits a route is put under by @Throttled. */
export type RouteLimit = 'LIMIT_REGISTER_ADDRESS' | 'LIMIT_RESET_ADDRESS' | 'LIMIT_STATUS' | 'LIMIT_WEBHOOK';
/** Limits that count failures only. */
export type FailureLimit = 'LIMIT_PASSWORD_ADDRESS' | 'LIMIT_FACTOR_ADDRESS' | 'LIMIT_CLIENT_ADDRESS';

export class ThrottlingConfig extends ConfigSlice implements Record<LimitName, Limit> {
  /** Wrong passwords per address. */
  @EnvLimit()
  LIMIT_PASSWORD_ADDRESS!: Limit;

  /** Wrong codes per address. */
  @EnvLimit()
  LIMIT_FACTOR_ADDRESS!: Limit;

  /** Registrations per address. */
  @EnvLimit()
  LIMIT_REGISTER_ADDRESS!: Limit;

  /** Forgotten passwords per address. */
  @EnvLimit()
  LIMIT_RESET_ADDRESS!: Limit;

  /** Requests of one session. */
  @EnvLimit()
  LIMIT_SESSION!: Limit;

  /** Requests to public routes per address. */
  @EnvLimit()
  LIMIT_UNAUTHENTICATED!: Limit;

  /** Questions for a challenge's status per address. */
  @EnvLimit()
  LIMIT_STATUS!: Limit;

  /** Webhooks of SMS vendors per address. */
  @EnvLimit()
  LIMIT_WEBHOOK!: Limit;

  /** Wrong client secrets and API keys per address. */
  @EnvLimit()
  LIMIT_CLIENT_ADDRESS!: Limit;

  /** Requests of one client app with its own secret or key. */
  @EnvLimit()
  LIMIT_CLIENT!: Limit;

  override applyDefaults(environment: Environment): void {
    for (const name of limitNames) this[name] ??= defaultLimit(defaults[name], environment);
  }

  override problems(environment: Environment): Problem[] {
    return limitsOff(this, environment);
  }
}
