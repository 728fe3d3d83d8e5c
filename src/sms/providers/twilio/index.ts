import type { ProviderDefinition } from '../../contract/provider';
import { TwilioVerifyClient } from './twilio-verify.client';
import { TwilioVerifyConfig } from './twilio-verify.config';
import { TwilioClient } from './twilio.client';
import { TwilioConfig } from './twilio.config';
import { developmentKeys, verifyDevelopmentKeys } from './twilio.keys';
import { TwilioReceipts } from './twilio.receipts';

const twilio: ProviderDefinition<TwilioConfig> = {
  name: 'twilio',
  kind: 'sender',
  config: TwilioConfig,
  developmentKeys,
  baseUrlKey: 'TWILIO_BASE_URL',
  create: (dependencies) => new TwilioClient(dependencies),
  receipts: (dependencies) => new TwilioReceipts(dependencies),
};

const twilioVerify: ProviderDefinition<TwilioVerifyConfig> = {
  name: 'twilio-verify',
  kind: 'service',
  config: TwilioVerifyConfig,
  developmentKeys: verifyDevelopmentKeys,
  baseUrlKey: 'TWILIO_VERIFY_BASE_URL',
  create: (dependencies) => new TwilioVerifyClient(dependencies),
};

export const definitions: readonly ProviderDefinition[] = [twilio, twilioVerify];
