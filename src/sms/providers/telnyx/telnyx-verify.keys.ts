// Keys shaped like Telnyx's own, for development: the client uses them and the simulator knows them.
import { randomUUID } from 'node:crypto';
import { developmentApiKey } from './telnyx.keys';

export const developmentKeys: Readonly<Record<string, () => string>> = {
  TELNYX_API_KEY: developmentApiKey,
  TELNYX_VERIFY_PROFILE_ID: () => randomUUID(),
};
