import { termsVersionForm } from '../platform/text/patterns';
import { ConfigSlice } from './config-slice';
import { EnvChoice, EnvString } from './fields';

/** Who may register, and what they have to accept. */
export class RegistrationConfig extends ConfigSlice {
  @EnvChoice('open', 'invite', 'closed') REGISTRATION: 'open' | 'invite' | 'closed' = 'open';
  /** The version of the terms that people have to accept. Not set: there are none, and any version that an app says was accepted is stored. */
  @EnvString({ matches: termsVersionForm, message: 'must be 1 to 32 letters, digits, dots, _ or -' })
  TERMS_VERSION?: string;
}
