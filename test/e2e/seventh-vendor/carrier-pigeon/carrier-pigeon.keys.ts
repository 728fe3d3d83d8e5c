import { randomBytes } from 'node:crypto';

export const developmentKeys: Readonly<Record<string, () => string>> = {
  PIGEON_RING: () => `ring_${randomBytes(16).toString('hex')}`,
};
