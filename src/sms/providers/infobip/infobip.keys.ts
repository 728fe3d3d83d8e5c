// Keys shaped like Infobip's own, for development: the client uses them and the simulator knows them.
import { randomBytes } from 'node:crypto';

const half = (): string => randomBytes(16).toString('hex');

/** One account has one key, whatever it sends. */
export const developmentApiKey = (): string => `${half()}-${half()}`;

export const developmentKeys: Readonly<Record<string, () => string>> = {
  INFOBIP_API_KEY: developmentApiKey,
  INFOBIP_FROM: () => 'Latchkey',
  INFOBIP_WEBHOOK_SECRET: () => randomBytes(24).toString('base64url'),
};
