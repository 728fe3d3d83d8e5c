import { ConfigSlice, Environment, Problem } from '../config/config-slice';
import { EnvList } from '../config/fields';
import { providerDefinitions } from './providers';

/** Which vendors send and check, in order, and where to. */
export class SmsConfig extends ConfigSlice {
  @EnvList() SMS_PROVIDERS: string[] = [];

  override applyDefaults({ production }: Environment): void {
    if (!production && this.SMS_PROVIDERS.length === 0) this.SMS_PROVIDERS = ['telnyx'];
  }

  override problems(): Problem[] {
    const problems: Problem[] = [];
    const known = providerDefinitions.map(({ name }) => name);
    if (this.SMS_PROVIDERS.length === 0 || this.SMS_PROVIDERS.some((name) => !known.includes(name))) {
      problems.push({ key: 'SMS_PROVIDERS', reason: `must list at least one of: ${known.join(', ')}` });
    }
    if (new Set(this.SMS_PROVIDERS).size !== this.SMS_PROVIDERS.length) {
      problems.push({ key: 'SMS_PROVIDERS', reason: 'must not name a provider twice' });
    }
    return problems;
  }
}
