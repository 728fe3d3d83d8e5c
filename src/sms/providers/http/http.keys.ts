// A secret for development: the client signs with it and the simulator's gateway knows it.
import { randomBytes } from 'node:crypto';

export const developmentKeys: Readonly<Record<string, () => string>> = {
  SMS_HTTP_SECRET: () => randomBytes(32).toString('base64url'),
};
