// Keys shaped like Telnyx's own, for development: the client uses them and the simulator knows them.
import { createPrivateKey, createPublicKey, type KeyObject, randomBytes } from 'node:crypto';
import type { DevelopmentKeys } from '../../contract/provider';

/** PrivateKeyInfo of an Ed25519 key, up to its 32 bytes (RFC 8410 section 7). */
const pkcs8Prefix = Buffer.from('302e020100300506032b657004220420', 'hex');

/** One account has one key, whatever it sends. */
export const developmentApiKey = (): string =>
  `KEY${randomBytes(16).toString('hex').toUpperCase()}_${randomBytes(11).toString('hex')}`;

/** What the simulated Telnyx signs its webhooks with. @param seed base64 of 32 bytes */
export function webhookKey(seed: string | undefined): KeyObject {
  const key = Buffer.concat([pkcs8Prefix, Buffer.from(seed ?? '', 'base64')]);
  return createPrivateKey({ key, format: 'der', type: 'pkcs8' });
}

export const developmentWebhookKeys: DevelopmentKeys = {
  SIMULATOR_TELNYX_SEED: () => randomBytes(32).toString('base64'),
  TELNYX_PUBLIC_KEY: ({ SIMULATOR_TELNYX_SEED: seed }) => {
    const { x = '' } = createPublicKey(webhookKey(seed)).export({ format: 'jwk' });
    return Buffer.from(x, 'base64url').toString('base64');
  },
};

export const developmentKeys: DevelopmentKeys = {
  TELNYX_API_KEY: developmentApiKey,
  // A number reserved for fiction (555-0100 to 555-0199).
  TELNYX_PHONE_NUMBER: () => '+13125550100',
  ...developmentWebhookKeys,
};
