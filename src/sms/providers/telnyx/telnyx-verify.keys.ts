// Keys shaped like Telnyx's own, for development: the client uses them and the simulator knows them.
import { randomUUID } from 'node:crypto';
import type { DevelopmentKeys } from '../../contract/provider';
import { developmentApiKey, developmentWebhookKeys } from './telnyx.keys';

export const developmentKeys: DevelopmentKeys = {
  TELNYX_API_KEY: developmentApiKey,
  TELNYX_VERIFY_PROFILE_ID: () => randomUUID(),
  ...developmentWebhookKeys,
};
