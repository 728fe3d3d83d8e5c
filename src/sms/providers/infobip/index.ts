import type { ProviderDefinition } from '../../contract/provider';
import { InfobipClient } from './infobip.client';
import { InfobipConfig } from './infobip.config';
import { developmentKeys as smsDevelopmentKeys } from './infobip.keys';
import { infobipReceipts } from './infobip.receipts';
import { Infobip2faClient } from './infobip-2fa.client';
import { Infobip2faConfig } from './infobip-2fa.config';
import { developmentKeys } from './infobip-2fa.keys';

const infobip: ProviderDefinition<InfobipConfig> = {
  name: 'infobip',
  kind: 'sender',
  config: InfobipConfig,
  developmentKeys: smsDevelopmentKeys,
  baseUrlKey: 'INFOBIP_BASE_URL',
  create: (dependencies) => new InfobipClient(dependencies),
  receipts: ({ config }) => infobipReceipts(config),
};

const infobip2fa: ProviderDefinition<Infobip2faConfig> = {
  name: 'infobip-2fa',
  kind: 'service',
  config: Infobip2faConfig,
  developmentKeys,
  baseUrlKey: 'INFOBIP_BASE_URL',
  create: (dependencies) => new Infobip2faClient(dependencies),
};

export const definitions: readonly ProviderDefinition[] = [infobip, infobip2fa];
