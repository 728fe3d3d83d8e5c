import { ConfigSlice, Environment, Problem } from '../config/config-slice';
import { EnvList, EnvString, EnvUrl } from '../config/fields';
import { CountryRoutes, parseCountryRoutes } from './routing/country-routes';
import { providerDefinitions } from './providers';

/** Which vendors send and check, in order, and where to. */
export class SmsConfig extends ConfigSlice {
  @EnvList() SMS_PROVIDERS: string[] = [];
  /** Other orders for the numbers of single countries, such as GB=telnyx,infobip;*=twilio. */
  @EnvString() SMS_ROUTES: string = '';

  /** Whose format and amounts are checked where they are used; here that the vendors in it exist. */
  @EnvString() SMS_PRICES: string = '';

  /** Origin under which vendors reach /webhooks: told to them with each message, and part of what some sign. PUBLIC_URL unless told. */
  @EnvUrl({ origin: true }) SMS_WEBHOOK_BASE_URL?: string;

  override applyDefaults({ production }: Environment): void {
    if (!production && this.SMS_PROVIDERS.length === 0) this.SMS_PROVIDERS = ['telnyx'];
  }

  override problems({ production }: Environment): Problem[] {
    const problems: Problem[] = [];
    const known = providerDefinitions.map(({ name }) => name);
    const unknown = this.SMS_PROVIDERS.filter((name) => !known.includes(name));
    if (this.SMS_PROVIDERS.length === 0) {
      problems.push({ key: 'SMS_PROVIDERS', reason: `must list at least one of: ${known.join(', ')}` });
    }
    if (unknown.length > 0) {
      problems.push({ key: 'SMS_PROVIDERS', reason: `names ${unknown.join(', ')}, none of: ${known.join(', ')}` });
    }
    if (new Set(this.SMS_PROVIDERS).size !== this.SMS_PROVIDERS.length) {
      problems.push({ key: 'SMS_PROVIDERS', reason: 'must not name a provider twice' });
    }
    if (production && this.SMS_WEBHOOK_BASE_URL?.startsWith('https:') === false) {
      problems.push({ key: 'SMS_WEBHOOK_BASE_URL', reason: 'must be https in production' });
    }
    if (vendorsOf(this.SMS_PRICES).some((name) => !known.includes(name))) {
      problems.push({ key: 'SMS_PRICES', reason: `must name vendors out of: ${known.join(', ')}` });
    }
    const routes = parseCountryRoutes(this.SMS_ROUTES, this.SMS_PROVIDERS);
    if ('reason' in routes) problems.push({ key: 'SMS_ROUTES', reason: routes.reason });
    return problems;
  }

  /** Valid once the slice was loaded. */
  get countryRoutes(): CountryRoutes {
    const routes = parseCountryRoutes(this.SMS_ROUTES, this.SMS_PROVIDERS);
    if ('reason' in routes) throw new Error(`SMS_ROUTES ${routes.reason}`);
    return routes;
  }
}

/** Of `telnyx:US=0.0079,vonage-verify/voice:*=0.06,GB=0.04`: telnyx and vonage-verify. */
function vendorsOf(prices: string): string[] {
  return [...prices.matchAll(/(?:^|,)\s*([a-z0-9-]+)(?:\/voice)?:/g)].map(([, name = '']) => name);
}
