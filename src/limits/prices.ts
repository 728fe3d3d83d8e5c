// SMS_PRICES: what a message costs, by country and, where it matters, by vendor. Kept in millionths of the currency, so that sums are
// exact. A price that is not in the list is not known, and nothing is made up for it.

/** Millionths, by `vendor/channel:country`; without a vendor it holds for all of them, and for messages and calls. */
export type Prices = ReadonlyMap<string, number>;

export interface PricedMessage {
  readonly provider: string;
  readonly channel: 'sms' | 'voice';
  /** ISO 3166 region of the number; undefined where it has none. */
  readonly country: string | undefined;
  /** Of a text of ours; null where the vendor words its own, which has one price a message or call. */
  readonly segments: number | null;
}

/** Of the currency; what budgets are counted in. */
export const PER_UNIT = 10_000;
const MILLIONTHS = 1_000_000;
const entry = /^\s*((?:[a-z0-9-]+(?:\/voice)?:)?)([A-Z]{2}|\*)=(\d{1,4}(?:\.\d{1,6})?)\s*$/;

/** @returns undefined when the text is not a list of prices; an empty text is an empty list */
export function parsePrices(text: string): Prices | undefined {
  const prices = new Map<string, number>();
  if (text === '') return prices;
  for (const part of text.split(',')) {
    const [, vendor, country, price] = entry.exec(part) ?? [];
    const key = `${vendor}${country}`;
    if (vendor === undefined || prices.has(key)) return undefined;
    prices.set(key, Math.round(Number(price) * MILLIONTHS));
  }
  return prices;
}

/** Of one message to a country, whoever will carry it: the dearest. In ten-thousandths, rounded up; 0 where no price is known. */
export function priceOf(prices: Prices, country: string): number {
  const vendors = new Set([...prices.keys()].map((key) => key.slice(0, key.indexOf(':') + 1)));
  const texts = ['', ...vendors].filter((vendor) => !vendor.includes('/voice'));
  const dearest = Math.max(0, ...texts.map((vendor) => lookUp(prices, vendor, country) ?? 0));
  return inUnits(dearest);
}

/** @returns a decimal number of the currency, or null when the price is not known */
export function expectedPrice(prices: Prices, message: PricedMessage): string | null {
  const total = millionthsOf(prices, message);
  if (total === undefined) return null;
  return `${Math.floor(total / MILLIONTHS)}.${String(total % MILLIONTHS).padStart(6, '0')}`;
}

/** The same in ten-thousandths, rounded up as priceOf is; 0 when the price is not known. */
export function expectedUnits(prices: Prices, message: PricedMessage): number {
  return inUnits(millionthsOf(prices, message) ?? 0);
}

function millionthsOf(prices: Prices, { provider, channel, country, segments }: PricedMessage): number | undefined {
  const vendor = `${provider}${channel === 'voice' ? '/voice' : ''}:`;
  const price = lookUp(prices, vendor, country ?? '*');
  return price === undefined ? undefined : price * (segments ?? 1);
}

// Whole numbers are divided: a decimal of the currency, multiplied, is a little more or less than it says (0.0079 * 10_000 is above 79).
function inUnits(millionths: number): number {
  return Math.ceil(millionths / (MILLIONTHS / PER_UNIT));
}

/** A vendor's own prices go before those for all, and a country's before those for the rest. */
function lookUp(prices: Prices, vendor: string, country: string): number | undefined {
  const keys = [`${vendor}${country}`, `${vendor}*`, country, '*'];
  return keys.map((key) => prices.get(key)).find((price) => price !== undefined);
}
