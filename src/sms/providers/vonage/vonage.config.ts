import type { Environment, Problem } from '../../../config/config-slice';
import { EnvString } from '../../../config/fields';
import { missingKeys } from '../../contract/vendor-config';
import { VonageAccount } from './vonage.account';

// +E.164 or its digits, or an alphanumeric sender.
const sender = /^(\+?[1-9]\d{6,14}|[A-Za-z0-9 ]{1,11})$/;

export class VonageConfig extends VonageAccount {
  /** What the message comes from: a number of the account or an alphanumeric sender. */
  @EnvString({ matches: sender, message: 'must be +E.164 or 1 to 11 letters and digits' }) VONAGE_FROM?: string;

  override problems(environment: Environment): Problem[] {
    return [...super.problems(environment), ...missingKeys(this, ['VONAGE_FROM'])];
  }
}
