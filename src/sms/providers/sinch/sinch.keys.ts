// Keys shaped like Sinch's own, for development: the client uses them and the simulator knows them.
import { randomBytes } from 'node:crypto';

export const developmentKeys: Readonly<Record<string, () => string>> = {
  SINCH_SERVICE_PLAN_ID: () => randomBytes(16).toString('hex'),
  SINCH_API_TOKEN: () => randomBytes(16).toString('hex'),
  SINCH_WEBHOOK_SECRET: () => randomBytes(24).toString('base64url'),
  // A number reserved for fiction (555-0100 to 555-0199).
  SINCH_FROM: () => '+13125550101',
};
