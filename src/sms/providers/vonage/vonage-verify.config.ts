import type { Environment, Problem } from '../../../config/config-slice';
import { EnvInt, EnvString } from '../../../config/fields';
import { VonageAccount } from './vonage.account';

const longestBrand = 18;

export class VonageVerifyConfig extends VonageAccount {
  /** Who the message says it is from; APP_NAME unless told. */
  @EnvString({ matches: /^[^/{}:$]{1,18}$/, message: 'must be 1 to 18 characters, none of /{}:$' })
  VONAGE_BRAND?: string;
  /** Digits of Vonage's code; six are asked for unless told. */
  @EnvInt({ min: 4, max: 10 }) VONAGE_CODE_LENGTH?: number;
  @EnvString() APP_NAME: string = 'Latchkey';

  override problems(environment: Environment): Problem[] {
    const problems = super.problems(environment);
    if (this.brand.length > longestBrand) {
      const reason = `is required: APP_NAME is longer than the ${longestBrand} characters of a brand`;
      problems.push({ key: 'VONAGE_BRAND', reason });
    }
    return problems;
  }

  get brand(): string {
    return this.VONAGE_BRAND ?? this.APP_NAME;
  }
}
