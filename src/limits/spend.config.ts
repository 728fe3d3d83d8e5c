import { ConfigSlice, type Problem } from '../config/config-slice';
import { EnvInt, EnvString } from '../config/fields';
import { EnvLimit, Limit } from '../config/limit';
import { parsePrices, type Prices } from './prices';

/**
 * How many messages may be sent, and what they may cost: the defaults of security.md 5.4. Ours is LIMIT_SMS_UNVERIFIED, its "30 sends, verified
 * < 20 %" as a budget that also holds against a slow drip (ADR 35).
 */
export class SpendConfig extends ConfigSlice {
  /** Per address, for people who are not signed in; codes that are entered are given back, and widen it to twice its count at most. */
  @EnvLimit('10/1h') LIMIT_SMS_ADDRESS!: Limit;
  /** Numbers per address that no code has come back from. */
  @EnvLimit('30/1h') LIMIT_SMS_NEW_NUMBERS!: Limit;
  /** Unverified, per number without its last four digits. */
  @EnvLimit('20/1h') LIMIT_SMS_PREFIX!: Limit;
  /** Unverified, per country; codes that are entered widen it by half their number, to 1.2 times its largest count at most. */
  @EnvLimit('30/1h,50/1d') LIMIT_SMS_UNVERIFIED!: Limit;
  /** Per country, to numbers that belong to no account. */
  @EnvLimit('500/1d', { days: 7 }) LIMIT_SMS_COUNTRY!: Limit;
  /** All messages: half for registrations, 40 % for logins, 10 % for resets. */
  @EnvLimit('1000/1h,10000/1d', { days: 7 }) LIMIT_SMS_GLOBAL!: Limit;
  /** What a message costs, such as GB=0.04,telnyx:US=0.0079,*=0.06: of a text of ours a segment. */
  @EnvString() SMS_PRICES: string = '';
  @EnvString({ matches: /^[A-Z]{3}$/, message: 'must be an ISO 4217 code, such as USD' }) SMS_CURRENCY?: string;
  /** In the currency of the prices; split as LIMIT_SMS_GLOBAL is. */
  @EnvInt({ min: 1, max: 10_000_000 }) SMS_MONEY_PER_DAY?: number;

  override problems(): Problem[] {
    const problems: Problem[] = [];
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
