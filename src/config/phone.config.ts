import { isSupportedCountry } from 'libphonenumber-js/max';
import { ConfigSlice, Environment, Problem } from './config-slice';
import { EnvList } from './fields';

/** The countries whose numbers are served, by region and not by dial code (A58). */
export class PhoneConfig extends ConfigSlice {
  /** ISO 3166-1 alpha-2 codes. In development all countries by default; production must choose. */
  @EnvList({ matches: /^[A-Z]{2}$/, message: 'must list country codes such as US,GB' }) SMS_COUNTRIES: string[] = [];

  override problems({ production }: Environment): Problem[] {
    if (production && this.SMS_COUNTRIES.length === 0) {
      return [{ key: 'SMS_COUNTRIES', reason: 'is required in production: the countries you send to' }];
    }
    const unknown = this.SMS_COUNTRIES.filter((country) => !isSupportedCountry(country));
    if (unknown.length === 0) return [];
    return [{ key: 'SMS_COUNTRIES', reason: `names no country by ${unknown.join(', ')} (ISO 3166-1, such as GB)` }];
  }

  get countries(): 'all' | readonly string[] {
    return this.SMS_COUNTRIES.length === 0 ? 'all' : this.SMS_COUNTRIES;
  }
}
