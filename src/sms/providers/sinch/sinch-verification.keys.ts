// Keys shaped like Sinch's own, for development: the client uses them and the simulator knows them.
import { randomBytes, randomUUID } from 'node:crypto';

export const developmentKeys: Readonly<Record<string, () => string>> = {
  SINCH_APPLICATION_KEY: () => randomUUID(),
  SINCH_APPLICATION_SECRET: () => randomBytes(16).toString('base64'),
};
