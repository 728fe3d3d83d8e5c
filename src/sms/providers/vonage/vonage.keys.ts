// Keys shaped like Vonage's own, for development: the client uses them and the simulator knows them.
import { generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto';

export const developmentKeys: Readonly<Record<string, () => string>> = {
  VONAGE_API_KEY: () => randomBytes(4).toString('hex'),
  VONAGE_API_SECRET: () => randomBytes(8).toString('hex'),
  VONAGE_FROM: () => 'Latchkey',
};

export const verifyDevelopmentKeys: Readonly<Record<string, () => string>> = {
  VONAGE_APPLICATION_ID: () => randomUUID(),
  VONAGE_PRIVATE_KEY: () =>
    generateKeyPairSync('rsa', {
      modulusLength: 2048,
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    }).privateKey.trim(),
};
