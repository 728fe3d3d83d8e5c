import { ConfigSlice, type Problem } from '../config/config-slice';
import { EnvInt, EnvString } from '../config/fields';
import { EnvLimit, Limit } from '../config/limit';
import { parsePrices, type Prices } from './prices';

/**
 * How many messages may be sent, and what they may cost. The defaults are those of security.md 5.4, except LIMIT_SMS_UNVERIFIED: it puts the
 * rule "30 sends, verified < 20 %" into a budget, which also holds against an attack that sends slowly (ADR 35).
 */
export class SpendConfig extends ConfigSlice {
  /**
   * Messages per address, of registrations, resets and changes of number, also those that operators begin. Codes that are entered are given back,
   * and raise it to twice its count at most.
   */
  @EnvLimit('10/1h') LIMIT_SMS_ADDRESS!: Limit;
  /** Numbers per address whose code was not entered. */
  @EnvLimit('30/1h') LIMIT_SMS_NEW_NUMBERS!: Limit;
  /** Unverified messages per prefix. */
  @EnvLimit('20/1h') LIMIT_SMS_PREFIX!: Limit;
  /** Unverified messages per country. Entered codes raise it by half their number, to 1.2 times its largest count at most. */
  @EnvLimit('30/1h,50/1d') LIMIT_SMS_UNVERIFIED!: Limit;
  /** Messages per country to numbers that no account has. */
  @EnvLimit('500/1d', { days: 7 }) LIMIT_SMS_COUNTRY!: Limit;
  /** All messages: registrations have half of them, logins 40 %, resets 10 %. */
  @EnvLimit('1000/1h,10000/1d', { days: 7 }) LIMIT_SMS_GLOBAL!: Limit;
  /** What a message costs, such as GB=0.04,telnyx:US=0.0079,*=0.06; for a text of ours, one segment. */
  @EnvString() SMS_PRICES: string = '';
  @EnvString({ matches: /^[A-Z]{3}$/, message: 'must be an ISO 4217 code, such as USD' }) SMS_CURRENCY?: string;
  /** In whole units of the currency of SMS_PRICES; divided like LIMIT_SMS_GLOBAL. */
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

  /** May be called once the slice was loaded, which checks the list. */
  get prices(): Prices {
    return parsePrices(this.SMS_PRICES) ?? new Map<string, number>();
  }
}
