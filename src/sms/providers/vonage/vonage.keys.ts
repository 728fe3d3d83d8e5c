// Keys shaped like Vonage's own, for development: the client uses them and the simulator knows them.
import { generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto';
import type { DevelopmentKeys } from '../../contract/provider';

const applicationKeys: DevelopmentKeys = {
  VONAGE_APPLICATION_ID: () => randomUUID(),
  VONAGE_PRIVATE_KEY: () =>
    generateKeyPairSync('rsa', {
      modulusLength: 2048,
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    }).privateKey.trim(),
  VONAGE_SIGNATURE_SECRET: () => randomBytes(25).toString('hex'),
};

export const developmentKeys: DevelopmentKeys = {
  VONAGE_API_KEY: () => randomBytes(4).toString('hex'),
  VONAGE_API_SECRET: () => randomBytes(8).toString('hex'),
  // A number reserved for fiction (555-0100 to 555-0199): one can write to it.
  VONAGE_FROM: () => '+13125550101',
  ...applicationKeys,
};

export const verifyDevelopmentKeys: DevelopmentKeys = applicationKeys;
