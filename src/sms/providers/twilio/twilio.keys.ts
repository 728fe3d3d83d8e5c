// Keys shaped like Twilio's own, for development: the client uses them and the simulator knows them.
import { randomBytes } from 'node:crypto';

const hex = (): string => randomBytes(16).toString('hex');

const accountKeys: Readonly<Record<string, () => string>> = {
  TWILIO_ACCOUNT_SID: () => `AC${hex()}`,
  TWILIO_AUTH_TOKEN: hex,
};

export const developmentKeys: Readonly<Record<string, () => string>> = {
  ...accountKeys,
  // The sender that Twilio's own test credentials accept.
  TWILIO_FROM: () => '+15005550006',
};

export const verifyDevelopmentKeys: Readonly<Record<string, () => string>> = {
  ...accountKeys,
  TWILIO_VERIFY_SERVICE_SID: () => `VA${hex()}`,
};
