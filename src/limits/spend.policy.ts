// Which counters a message draws on (security.md 5.4): pure. A number that its account has proved draws on no budget of a prefix or country, and a
// login on none of an address either. So whatever strangers do to those, it does not stop a login.
import type { ConfigSlice } from '../config/config-slice';
import type { Limit, LimitWindow } from '../config/limit';
import { PER_UNIT, priceOf } from './prices';
import type { SpendConfig } from './spend.config';
import type { WantedSpend } from './spend.sql';
import type { PlannedSend, SpendShare } from './spending.types';
import type { WantedUnverified } from './unverified.types';

/** The settings that these rules read. */
export type SpendRules = Omit<SpendConfig, keyof ConfigSlice | 'SMS_PRICES' | 'SMS_CURRENCY'>;

const shares: Readonly<Record<SpendShare, number>> = { register: 0.5, login: 0.4, reset: 0.1 };
/** How many more unverified messages a budget takes for each entered code. At 0.5, two thirds of all codes have to be entered. */
const SHARE = 0.5;
/** How far entered codes can raise a budget: a country to 1.2 times its largest count (60 instead of 50 a day), an address to twice its count. */
const COUNTRY_MOST = 1.2;
const ADDRESS_MOST = 2;
/** So many digits at the end of a number are not part of its prefix. */
const SUBSCRIBER_DIGITS = 4;
const DAY_SECONDS = 86_400;
/** A window of so many or more is spread over shards. It may be exceeded by the statements that run at the same moment (protocol.md 7). */
const EXACT_BELOW = 1000;
const SHARDS = 16;

/** @param country ISO 3166 code of the number @param address key of the client's address, as addressKey gives it */
export function unverifiedBudgets(
  { phone, unproved }: Pick<PlannedSend, 'phone' | 'unproved'>,
  country: string,
  address: string | null,
  rules: SpendRules,
): WantedUnverified[] {
  const budgets: WantedUnverified[] = [];
  if (address !== null)
    budgets.push(
      budget(`address:${address}`, rules.LIMIT_SMS_ADDRESS, {
        own: true,
        ...widened(rules.LIMIT_SMS_ADDRESS, ADDRESS_MOST),
      }),
    );
  if (address !== null && unproved) {
    budgets.push(budget(`numbers:${address}`, rules.LIMIT_SMS_NEW_NUMBERS, { own: true, phone }));
  }
  if (unproved) {
    budgets.push(countryBudget(country, rules), prefixBudget(prefixOf(phone), rules));
  }
  return budgets.filter(({ counts }) => counts.length > 0);
}

export function spends(
  { share, unproved }: Pick<PlannedSend, 'share' | 'unproved'>,
  country: string,
  rules: SpendRules,
) {
  const wanted = shareWindows(share, rules);
  if (unproved) wanted.push(...countryWindows(country, rules));
  const amount = priceOf(rules.prices, country);
  const money = moneyWindow(share, rules);
  if (money !== undefined && amount > 0) wanted.push({ ...money, amount });
  return wanted;
}

export function shareWindows(share: SpendShare, { LIMIT_SMS_GLOBAL }: Pick<SpendRules, 'LIMIT_SMS_GLOBAL'>) {
  return LIMIT_SMS_GLOBAL.windows.map(({ count, seconds }) => window(share, part(count, share), seconds));
}

export function countryWindows(country: string, { LIMIT_SMS_COUNTRY }: Pick<SpendRules, 'LIMIT_SMS_COUNTRY'>) {
  return LIMIT_SMS_COUNTRY.windows.map(({ count, seconds }) => window(`country:${country}`, count, seconds));
}

/** In ten-thousandths of the currency; undefined when money has no cap. */
export function moneyWindow(
  share: SpendShare,
  { SMS_MONEY_PER_DAY }: Pick<SpendRules, 'SMS_MONEY_PER_DAY'>,
): WantedSpend | undefined {
  if (SMS_MONEY_PER_DAY === undefined) return undefined;
  // Always one row, whatever the cap, because the budget of money must not be exceeded.
  return { ...window(`money:${share}`, part(SMS_MONEY_PER_DAY * PER_UNIT, share), DAY_SECONDS), shards: 1 };
}

export function countryBudget(
  country: string,
  { LIMIT_SMS_UNVERIFIED }: Pick<SpendRules, 'LIMIT_SMS_UNVERIFIED'>,
): WantedUnverified {
  return budget(`country:${country}`, LIMIT_SMS_UNVERIFIED, {
    closes: true,
    waivable: true,
    trickles: true,
    ...widened(LIMIT_SMS_UNVERIFIED, COUNTRY_MOST),
  });
}

export function prefixBudget(
  prefix: string,
  { LIMIT_SMS_PREFIX }: Pick<SpendRules, 'LIMIT_SMS_PREFIX'>,
): WantedUnverified {
  return budget(`prefix:${prefix}`, LIMIT_SMS_PREFIX, { closes: true });
}

/** Without the plus sign: a prefix names no person, and logs would hide it if it looked like a number. */
function prefixOf(phone: string): string {
  return phone.slice(1, -SUBSCRIBER_DIGITS);
}

function part(count: number, share: SpendShare): number {
  return Math.max(1, Math.floor(count * shares[share]));
}

function window(name: string, cap: number, seconds: number): WantedSpend {
  return { scope: `${name}/${seconds}`, cap, amount: 1, seconds, shards: cap < EXACT_BELOW ? 1 : SHARDS };
}

function widened({ windows }: Limit, times: number): Pick<WantedUnverified, 'share' | 'most'> {
  return { share: SHARE, most: Math.ceil(Math.max(0, ...windows.map(({ count }) => count)) * times) };
}

function budget(key: string, { windows }: Limit, rule: Partial<WantedUnverified>): WantedUnverified {
  const ascending = [...windows].sort((a: LimitWindow, b: LimitWindow) => a.seconds - b.seconds);
  return {
    key,
    own: false,
    closes: false,
    waivable: false,
    phone: null,
    counts: ascending.map(({ count }) => count),
    seconds: ascending.map(({ seconds }) => seconds),
    share: 0,
    most: null,
    trickles: false,
    ...rule,
  };
}
