import type { ProviderDefinition } from '../../contract/provider';
import { SinchClient } from './sinch.client';
import { SinchConfig } from './sinch.config';
import { developmentKeys as smsDevelopmentKeys } from './sinch.keys';
import { SinchReceipts } from './sinch.receipts';
import { SinchVerificationClient } from './sinch-verification.client';
import { SinchVerificationConfig } from './sinch-verification.config';
import { developmentKeys } from './sinch-verification.keys';
import { SinchVerificationReceipts } from './sinch-verification.receipts';

const sinch: ProviderDefinition<SinchConfig> = {
  name: 'sinch',
  kind: 'sender',
  config: SinchConfig,
  developmentKeys: smsDevelopmentKeys,
  baseUrlKey: 'SINCH_SMS_BASE_URL',
  create: (dependencies) => new SinchClient(dependencies),
  receipts: ({ config: { SINCH_WEBHOOK_SECRET: secret }, clock }) =>
    secret === undefined ? undefined : new SinchReceipts(secret, clock),
};

const sinchVerification: ProviderDefinition<SinchVerificationConfig> = {
  name: 'sinch-verification',
  kind: 'service',
  config: SinchVerificationConfig,
  developmentKeys,
  baseUrlKey: 'SINCH_VERIFICATION_BASE_URL',
  create: (dependencies) => new SinchVerificationClient(dependencies),
  receipts: (dependencies) => new SinchVerificationReceipts(dependencies),
};

export const definitions: readonly ProviderDefinition[] = [sinch, sinchVerification];
