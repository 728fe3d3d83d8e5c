import type { ProviderDefinition } from '../../contract/provider';
import { VonageVerifyClient } from './vonage-verify.client';
import { VonageVerifyConfig } from './vonage-verify.config';
import { VonageVerifyReceipts } from './vonage-verify.receipts';
import { VonageClient } from './vonage.client';
import { VonageConfig } from './vonage.config';
import { developmentKeys, verifyDevelopmentKeys } from './vonage.keys';
import { VonageReceipts } from './vonage.receipts';

const vonage: ProviderDefinition<VonageConfig> = {
  name: 'vonage',
  kind: 'sender',
  config: VonageConfig,
  developmentKeys,
  baseUrlKey: 'VONAGE_BASE_URL',
  create: (dependencies) => new VonageClient(dependencies),
  receipts: (dependencies) =>
    dependencies.config.VONAGE_SIGNATURE_SECRET === undefined ? undefined : new VonageReceipts(dependencies),
};

const vonageVerify: ProviderDefinition<VonageVerifyConfig> = {
  name: 'vonage-verify',
  kind: 'service',
  config: VonageVerifyConfig,
  developmentKeys: verifyDevelopmentKeys,
  baseUrlKey: 'VONAGE_BASE_URL',
  create: (dependencies) => new VonageVerifyClient(dependencies),
  receipts: (dependencies) =>
    dependencies.config.VONAGE_SIGNATURE_SECRET === undefined ? undefined : new VonageVerifyReceipts(dependencies),
};

export const definitions: readonly ProviderDefinition[] = [vonage, vonageVerify];
