import type { ProviderDefinition } from '../../contract/provider';
import { SinchVerificationClient } from './sinch-verification.client';
import { SinchVerificationConfig } from './sinch-verification.config';
import { developmentKeys } from './sinch-verification.keys';

const sinchVerification: ProviderDefinition<SinchVerificationConfig> = {
  name: 'sinch-verification',
  kind: 'service',
  config: SinchVerificationConfig,
  developmentKeys,
  baseUrlKey: 'SINCH_VERIFICATION_BASE_URL',
  create: (dependencies) => new SinchVerificationClient(dependencies),
};

export const definitions: readonly ProviderDefinition[] = [sinchVerification];
