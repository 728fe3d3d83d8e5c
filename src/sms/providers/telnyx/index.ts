import type { ProviderDefinition } from '../../contract/provider';
import { TelnyxClient } from './telnyx.client';
import { TelnyxConfig } from './telnyx.config';
import { developmentKeys } from './telnyx.keys';

const telnyx: ProviderDefinition<TelnyxConfig> = {
  name: 'telnyx',
  kind: 'sender',
  config: TelnyxConfig,
  developmentKeys,
  baseUrlKey: 'TELNYX_BASE_URL',
  create: (dependencies) => new TelnyxClient(dependencies),
};

export const definitions: readonly ProviderDefinition[] = [telnyx];
