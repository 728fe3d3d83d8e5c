import { ConfigSlice, Environment, Problem } from '../config/config-slice';
import { EnvList } from '../config/fields';
import { providerDefinitions } from './providers';

/** Which vendors send and check, in order, and where to. */
export class SmsConfig extends ConfigSlice {
  @EnvList() SMS_PROVIDERS: string[] = [];
  /** ISO 3166-1 alpha-2 codes of the countries that are served; by region, not by dial code (A58). */
  @EnvList({ matches: /^[A-Z]{2}$/, message: 'must list country codes such as US,GB' }) SMS_COUNTRIES: string[] = [];

  override applyDefaults({ production }: Environment): void {
    if (!production && this.SMS_PROVIDERS.length === 0) this.SMS_PROVIDERS = ['telnyx'];
  }

  override problems({ production }: Environment): Problem[] {
    const problems: Problem[] = [];
    const known = providerDefinitions.map(({ name }) => name);
    if (this.SMS_PROVIDERS.length === 0 || this.SMS_PROVIDERS.some((name) => !known.includes(name))) {
      problems.push({ key: 'SMS_PROVIDERS', reason: `must list at least one of: ${known.join(', ')}` });
    }
    if (new Set(this.SMS_PROVIDERS).size !== this.SMS_PROVIDERS.length) {
      problems.push({ key: 'SMS_PROVIDERS', reason: 'must not name a provider twice' });
    }
    if (production && this.SMS_COUNTRIES.length === 0) {
      problems.push({ key: 'SMS_COUNTRIES', reason: 'is required in production: the countries you send to' });
    }
    return problems;
  }

  /** Countries to accept numbers from; all of them in development unless listed. */
  get countries(): 'all' | readonly string[] {
    return this.SMS_COUNTRIES.length === 0 ? 'all' : this.SMS_COUNTRIES;
  }
}
