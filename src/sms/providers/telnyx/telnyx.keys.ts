// Keys shaped like Telnyx's own, for development: the client uses them and the simulator knows them.
import { randomBytes } from 'node:crypto';

/** One account has one key, whatever it sends. */
export const developmentApiKey = (): string =>
  `KEY${randomBytes(16).toString('hex').toUpperCase()}_${randomBytes(11).toString('hex')}`;

export const developmentKeys: Readonly<Record<string, () => string>> = {
  TELNYX_API_KEY: developmentApiKey,
  // A number reserved for fiction (555-0100 to 555-0199).
  TELNYX_PHONE_NUMBER: () => '+13125550100',
};
