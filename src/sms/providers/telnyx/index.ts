import type { ProviderDefinition } from '../../contract/provider';
import { TelnyxClient } from './telnyx.client';
import { TelnyxConfig } from './telnyx.config';
import { developmentKeys } from './telnyx.keys';
import { TelnyxVerifyClient } from './telnyx-verify.client';
import { TelnyxVerifyConfig } from './telnyx-verify.config';
import { developmentKeys as verifyDevelopmentKeys } from './telnyx-verify.keys';

const telnyx: ProviderDefinition<TelnyxConfig> = {
  name: 'telnyx',
  kind: 'sender',
  config: TelnyxConfig,
  developmentKeys,
  baseUrlKey: 'TELNYX_BASE_URL',
  create: (dependencies) => new TelnyxClient(dependencies),
};

const telnyxVerify: ProviderDefinition<TelnyxVerifyConfig> = {
  name: 'telnyx-verify',
  kind: 'code-sender',
  config: TelnyxVerifyConfig,
  developmentKeys: verifyDevelopmentKeys,
  baseUrlKey: 'TELNYX_BASE_URL',
  create: (dependencies) => new TelnyxVerifyClient(dependencies),
};

export const definitions: readonly ProviderDefinition[] = [telnyx, telnyxVerify];
