// SMS_PRICES: what one message costs, by country. Kept in ten-thousandths of the currency, so that sums are exact.

/** By ISO country, `*` for the rest; in ten-thousandths. */
export type Prices = ReadonlyMap<string, number>;

export const PER_UNIT = 10_000;
const entry = /^\s*([A-Z]{2}|\*)=(\d{1,4}(?:\.\d{1,4})?)\s*$/;

/** @returns undefined when the text is not a list of prices; an empty text is an empty list */
export function parsePrices(text: string): Prices | undefined {
  const prices = new Map<string, number>();
  if (text === '') return prices;
  for (const part of text.split(',')) {
    const [, country, price] = entry.exec(part) ?? [];
    if (country === undefined || price === undefined || prices.has(country)) return undefined;
    prices.set(country, Math.round(Number(price) * PER_UNIT));
  }
  return prices;
}

/** Of one message to a country, in ten-thousandths; 0 where no price is known. */
export function priceOf(prices: Prices, country: string): number {
  return prices.get(country) ?? prices.get('*') ?? 0;
}
