import { ConfigSlice, type Environment, type Problem } from '../config/config-slice';
import { EnvInt, EnvString } from '../config/fields';
import { defaultLimit, EnvLimit, Limit, limitsOff } from '../config/limit';
import { parsePrices, type Prices } from './prices';

/** security.md 5.4; ours is LIMIT_SMS_UNVERIFIED, its "30 sends, verified < 20 %" as a budget that also holds against a slow drip (ADR 35). */
const defaults = {
  LIMIT_SMS_ADDRESS: '10/1h',
  LIMIT_SMS_NEW_NUMBERS: '30/1h',
  LIMIT_SMS_PREFIX: '20/1h',
  LIMIT_SMS_UNVERIFIED: '30/1h,50/1d',
  LIMIT_SMS_COUNTRY: '500/1d',
  LIMIT_SMS_GLOBAL: '1000/1h,10000/1d',
} as const;

const names = Object.keys(defaults) as readonly (keyof typeof defaults)[];

/** How many messages may be sent, and what they may cost. */
export class SpendConfig extends ConfigSlice {
  /** Per address, for people who are not signed in; codes that are entered are given back, and widen it to twice its count at most. */
  @EnvLimit() LIMIT_SMS_ADDRESS!: Limit;
  /** Numbers per address that no code has come back from. */
  @EnvLimit() LIMIT_SMS_NEW_NUMBERS!: Limit;
  /** Unverified, per number without its last four digits. */
  @EnvLimit() LIMIT_SMS_PREFIX!: Limit;
  /** Unverified, per country; codes that are entered widen it by half their number, to 1.2 times its largest count at most. */
  @EnvLimit() LIMIT_SMS_UNVERIFIED!: Limit;
  /** Per country, to numbers that belong to no account. */
  @EnvLimit() LIMIT_SMS_COUNTRY!: Limit;
  /** All messages: half for registrations, 40 % for logins, 10 % for resets. */
  @EnvLimit() LIMIT_SMS_GLOBAL!: Limit;
  /** What a message costs, such as GB=0.04,telnyx:US=0.0079,*=0.06: of a text of ours a segment. */
  @EnvString() SMS_PRICES: string = '';
  @EnvString({ matches: /^[A-Z]{3}$/, message: 'must be an ISO 4217 code, such as USD' }) SMS_CURRENCY?: string;
  /** In the currency of the prices; split as LIMIT_SMS_GLOBAL is. */
  @EnvInt({ min: 1, max: 10_000_000 }) SMS_MONEY_PER_DAY?: number;

  override applyDefaults(environment: Environment): void {
    for (const name of names) this[name] ??= defaultLimit(defaults[name], environment);
  }

  override problems(environment: Environment): Problem[] {
    const problems = limitsOff(this, environment);
    if (parsePrices(this.SMS_PRICES) === undefined) {
      problems.push({
        key: 'SMS_PRICES',
        reason: 'must look like GB=0.04,telnyx:US=0.0079,*=0.06 (up to six decimals)',
      });
    }
    if (this.SMS_PRICES !== '' && this.SMS_CURRENCY === undefined) {
      problems.push({ key: 'SMS_CURRENCY', reason: 'must be set with SMS_PRICES' });
    }
    if (this.SMS_MONEY_PER_DAY !== undefined && this.SMS_PRICES === '') {
      problems.push({ key: 'SMS_MONEY_PER_DAY', reason: 'needs SMS_PRICES' });
    }
    return problems;
  }

  /** Valid once the slice was loaded. */
  get prices(): Prices {
    return parsePrices(this.SMS_PRICES) ?? new Map<string, number>();
  }
}
