// Keys shaped like Infobip's own, for development: the client uses them and the simulator knows them.
import { randomBytes } from 'node:crypto';
import { developmentApiKey } from './infobip.keys';

const id = (): string => randomBytes(16).toString('hex').toUpperCase();

export const developmentKeys: Readonly<Record<string, () => string>> = {
  INFOBIP_API_KEY: developmentApiKey,
  INFOBIP_2FA_APP_ID: id,
  INFOBIP_2FA_MSG_ID: id,
};
