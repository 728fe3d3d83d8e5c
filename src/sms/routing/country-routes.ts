// Reads SMS_ROUTES: which vendors, in order, serve the numbers of a country. `*` stands for every country not named.
import { isSupportedCountry } from 'libphonenumber-js/max';

/** Names of vendors in order, by ISO 3166 region or `*`. */
export type CountryRoutes = ReadonlyMap<string, readonly string[]>;

export const EVERYWHERE = '*';

/**
 * @param text such as `GB=telnyx,infobip;*=twilio`; empty for no exceptions
 * @param providers the names in SMS_PROVIDERS: no other vendor has its keys
 * @returns the routes, or what is wrong with the text, without quoting it
 */
export function parseCountryRoutes(text: string, providers: readonly string[]): CountryRoutes | { reason: string } {
  const routes = new Map<string, readonly string[]>();
  for (const entry of text.split(';').map((part) => part.trim())) {
    if (entry === '') continue;
    const [country = '', list = '', ...more] = entry.split('=').map((part) => part.trim());
    const vendors = list.split(',').map((name) => name.trim());
    const reason = more.length > 0 ? 'must look like GB=telnyx,infobip;*=twilio' : wrong(country, vendors, providers);
    if (reason !== undefined) return { reason };
    if (routes.has(country)) return { reason: 'must not name a country twice' };
    routes.set(country, vendors);
  }
  return routes;
}

function wrong(country: string, vendors: readonly string[], providers: readonly string[]): string | undefined {
  if (country !== EVERYWHERE && !isSupportedCountry(country))
    return 'must name countries by ISO code, such as GB, or *';
  if (vendors.some((name) => !providers.includes(name))) return 'must name vendors that are listed in SMS_PROVIDERS';
  return new Set(vendors).size === vendors.length ? undefined : 'must not name a vendor twice for a country';
}
