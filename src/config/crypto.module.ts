// Makes the secret ring from its configuration, for all modules, since keys are needed wherever something is stored or signed. It is here
// because platform must not know configuration.
import { Global, Module } from '@nestjs/common';
import { SealedHashes } from '../platform/crypto/foreign/sealed-hashes';
import { KeyedDigest } from '../platform/crypto/keyed-digest';
import { Keyring } from '../platform/crypto/keyring';
import { SealedBox } from '../platform/crypto/sealed-box';
import { Random } from '../platform/random/random';
import { KeyringConfig } from './keyring.config';

@Global()
@Module({
  providers: [
    { provide: Keyring, inject: [KeyringConfig], useFactory: (config: KeyringConfig) => new Keyring(config.secrets) },
    { provide: KeyedDigest, inject: [Keyring], useFactory: (ring: Keyring) => new KeyedDigest(ring) },
    {
      provide: SealedBox,
      inject: [Keyring, Random],
      useFactory: (r: Keyring, chance: Random) => new SealedBox(r, chance),
    },
    { provide: SealedHashes, inject: [SealedBox], useFactory: (boxes: SealedBox) => new SealedHashes(boxes) },
  ],
  exports: [Keyring, KeyedDigest, SealedBox, SealedHashes],
})
export class CryptoModule {}
