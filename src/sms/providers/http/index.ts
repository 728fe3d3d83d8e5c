import type { ProviderDefinition } from '../../contract/provider';
import { HttpGatewayClient } from './http.client';
import { HttpGatewayConfig } from './http.config';
import { developmentKeys } from './http.keys';
import { HttpGatewayReceipts } from './http.receipts';

const http: ProviderDefinition<HttpGatewayConfig> = {
  name: 'http',
  kind: 'sender',
  config: HttpGatewayConfig,
  developmentKeys,
  baseUrlKey: 'SMS_HTTP_URL',
  developmentPath: '/sms-gateway',
  create: (dependencies) => new HttpGatewayClient(dependencies),
  receipts: (dependencies) => new HttpGatewayReceipts(dependencies),
};

export const definitions: readonly ProviderDefinition[] = [http];
