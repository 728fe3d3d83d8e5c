// Limits counted per address or session, by default in each process (design D13). They slow abuse down; accounts and money are protected by others.
import { ConfigSlice } from '../config/config-slice';
import { EnvLimit, Limit } from '../config/limit';

export type LimitName = Exclude<keyof ThrottlingConfig, keyof ConfigSlice>;
/** Limits that a route can name with @Throttled. */
export type RouteLimit = 'LIMIT_REGISTER_ADDRESS' | 'LIMIT_RESET_ADDRESS' | 'LIMIT_STATUS' | 'LIMIT_WEBHOOK';
/** Limits that count only failures. */
export type FailureLimit = 'LIMIT_PASSWORD_ADDRESS' | 'LIMIT_FACTOR_ADDRESS' | 'LIMIT_CLIENT_ADDRESS';

/**
 * The defaults are those of security.md 5.4. Four are ours: LIMIT_STATUS, for a page that polls once a second, LIMIT_SESSION_CHANGES,
 * LIMIT_CLIENT_ADDRESS and LIMIT_CLIENT.
 */
export class ThrottlingConfig extends ConfigSlice {
  /** Wrong passwords per address. */
  @EnvLimit('30/5m,200/1h')
  LIMIT_PASSWORD_ADDRESS!: Limit;

  /** Wrong codes per address. */
  @EnvLimit('30/5m')
  LIMIT_FACTOR_ADDRESS!: Limit;

  /** Registrations per address. */
  @EnvLimit('10/1h')
  LIMIT_REGISTER_ADDRESS!: Limit;

  /** Requests to reset a password, per address. */
  @EnvLimit('10/1h')
  LIMIT_RESET_ADDRESS!: Limit;

  /** Requests of one session. */
  @EnvLimit('120/1m')
  LIMIT_SESSION!: Limit;

  /**
   * Of these, requests that may change something: each leaves rows in the audit log, which keeps them for 400 days. Off while LIMIT_SESSION is
   * off, so that whoever wants a session to be free needs one setting.
   */
  @EnvLimit('500/1d')
  LIMIT_SESSION_CHANGES!: Limit;

  /** Requests to public routes per address. */
  @EnvLimit('60/1m')
  LIMIT_UNAUTHENTICATED!: Limit;

  /** Requests for the status of a challenge, per address. */
  @EnvLimit('120/1m')
  LIMIT_STATUS!: Limit;

  /** Webhooks of SMS vendors per address. */
  @EnvLimit('200/1s')
  LIMIT_WEBHOOK!: Limit;

  /** Wrong client secrets and API keys per address. */
  @EnvLimit('30/5m')
  LIMIT_CLIENT_ADDRESS!: Limit;

  /** Requests of one client app with its own secret or key. */
  @EnvLimit('6000/1m')
  LIMIT_CLIENT!: Limit;
}
