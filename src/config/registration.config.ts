import { ConfigSlice } from './config-slice';
import { EnvChoice, EnvString } from './fields';

/** Who may register, and what they have to accept. */
export class RegistrationConfig extends ConfigSlice {
  @EnvChoice('open', 'invite', 'closed') REGISTRATION: 'open' | 'invite' | 'closed' = 'open';
  /** Not set: any version that an app says was accepted is kept. */
  @EnvString({ matches: /^[A-Za-z0-9._-]{1,32}$/, message: 'must be 1 to 32 letters, digits, dots, _ or -' })
  TERMS_VERSION?: string;
}
