import type { ProviderDefinition } from '../../contract/provider';
import type { ReceiptDependencies, ReceiptReader } from '../../contract/receipt';
import { TelnyxClient } from './telnyx.client';
import { TelnyxConfig } from './telnyx.config';
import { developmentKeys } from './telnyx.keys';
import { TelnyxReceipts } from './telnyx.receipts';
import { TelnyxVerifyClient } from './telnyx-verify.client';
import { TelnyxVerifyConfig } from './telnyx-verify.config';
import { developmentKeys as verifyDevelopmentKeys } from './telnyx-verify.keys';

function receipts({
  config,
  clock,
}: ReceiptDependencies<TelnyxConfig | TelnyxVerifyConfig>): ReceiptReader | undefined {
  const { TELNYX_PUBLIC_KEY: key } = config;
  return key === undefined ? undefined : new TelnyxReceipts(key, clock);
}

const telnyx: ProviderDefinition<TelnyxConfig> = {
  name: 'telnyx',
  kind: 'sender',
  config: TelnyxConfig,
  developmentKeys,
  baseUrlKey: 'TELNYX_BASE_URL',
  create: (dependencies) => new TelnyxClient(dependencies),
  receipts,
};

const telnyxVerify: ProviderDefinition<TelnyxVerifyConfig> = {
  name: 'telnyx-verify',
  kind: 'code-sender',
  config: TelnyxVerifyConfig,
  developmentKeys: verifyDevelopmentKeys,
  baseUrlKey: 'TELNYX_BASE_URL',
  create: (dependencies) => new TelnyxVerifyClient(dependencies),
  receipts,
};

export const definitions: readonly ProviderDefinition[] = [telnyx, telnyxVerify];
