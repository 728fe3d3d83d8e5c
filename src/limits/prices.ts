// SMS_PRICES: what a message costs, by country and, if given, by vendor. Prices are kept as whole millionths of the currency, so that sums are
// exact. A price that is not in the list counts as unknown, and is never guessed (ADR 30).

/** Millionths of the currency, by `vendor:country` or `vendor/voice:country`. A key without a vendor holds for all vendors, texts and calls. */
export type Prices = ReadonlyMap<string, number>;

export interface PricedMessage {
  readonly provider: string;
  readonly channel: 'sms' | 'voice';
  /** ISO 3166 code of the number's country; undefined when it has none, as satellite phones do. */
  readonly country: string | undefined;
  /** Segments of a text of ours; null where the vendor words the message, which has one price then. */
  readonly segments: number | null;
}

/** Budgets of money are counted in ten-thousandths of the currency. */
export const PER_UNIT = 10_000;
const MILLIONTHS = 1_000_000;
const entry = /^\s*((?:[a-z0-9-]+(?:\/voice)?:)?)([A-Z]{2}|\*)=(\d{1,4}(?:\.\d{1,6})?)\s*$/;

/** @returns undefined when the text is no list of prices; for an empty text an empty list */
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

/** Of a message whose number must not show in what it costs. */
export const ANY_COUNTRY = 'any';

/** The highest price of one segment to a country, or to any, over all vendors. In ten-thousandths, rounded up; 0 when no price is known. */
export function priceOf(prices: Prices, country: string): number {
  if (country === ANY_COUNTRY) {
    const listed = [...prices].filter(([key]) => !key.includes('/voice'));
    return inUnits(Math.max(0, ...listed.map(([, price]) => price)));
  }
  const vendors = new Set([...prices.keys()].map((key) => key.slice(0, key.indexOf(':') + 1)));
  const texts = ['', ...vendors].filter((vendor) => !vendor.includes('/voice'));
  const dearest = Math.max(0, ...texts.map((vendor) => lookUp(prices, vendor, country) ?? 0));
  return inUnits(dearest);
}

/** @returns a decimal number, in whole units of the currency; null when the price is not known */
export function expectedPrice(prices: Prices, message: PricedMessage): string | null {
  const total = millionthsOf(prices, message);
  if (total === undefined) return null;
  return `${Math.floor(total / MILLIONTHS)}.${String(total % MILLIONTHS).padStart(6, '0')}`;
}

/** The same in ten-thousandths, rounded up as in priceOf; 0 when the price is not known. */
export function expectedUnits(prices: Prices, message: PricedMessage): number {
  return inUnits(millionthsOf(prices, message) ?? 0);
}

function millionthsOf(prices: Prices, { provider, channel, country, segments }: PricedMessage): number | undefined {
  const vendor = `${provider}${channel === 'voice' ? '/voice' : ''}:`;
  const price = lookUp(prices, vendor, country ?? '*');
  return price === undefined ? undefined : price * (segments ?? 1);
}

// Divides whole numbers, since products of decimals are inexact: 0.0079 * 10_000 is slightly more than 79, and would be rounded up to 80.
function inUnits(millionths: number): number {
  return Math.ceil(millionths / (MILLIONTHS / PER_UNIT));
}

/**
 * Looks in this order: the vendor's price for the country, its price for all others (`*`), the price of all vendors for the country, and
 * for all others.
 */
function lookUp(prices: Prices, vendor: string, country: string): number | undefined {
  const keys = [`${vendor}${country}`, `${vendor}*`, country, '*'];
  return keys.map((key) => prices.get(key)).find((price) => price !== undefined);
}
