// A vendor that nobody has, for the test beside it, which puts this folder among the vendors of a scratch copy. Its imports
// reach the root of the repository from here as from there, so that types are checked here.
import type { ProviderDefinition } from '../../../../src/sms/contract/provider';
import { CarrierPigeonClient } from './carrier-pigeon.client';
import { CarrierPigeonConfig } from './carrier-pigeon.config';
import { developmentKeys } from './carrier-pigeon.keys';

const carrierPigeon: ProviderDefinition<CarrierPigeonConfig> = {
  name: 'carrier-pigeon',
  kind: 'sender',
  config: CarrierPigeonConfig,
  developmentKeys,
  baseUrlKey: 'PIGEON_BASE_URL',
  create: (dependencies) => new CarrierPigeonClient(dependencies),
};

export const definitions: readonly ProviderDefinition[] = [carrierPigeon];
