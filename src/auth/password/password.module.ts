import { Module } from '@nestjs/common';
import { BcryptHasher } from '../../platform/crypto/bcrypt-hasher';
import { ImportedHashes } from '../../platform/crypto/imported-hashes';
import { Keyring } from '../../platform/crypto/keyring';
import { PasswordHasher } from '../../platform/crypto/password-hasher';
import { UsersModule } from '../../users/users.module';
import { AccountPassword } from './account-password.service';
import { BreachedPasswords } from './breached-passwords.service';
import { ImportedPasswords } from './imported-passwords.service';
import { PasswordRulesService } from './password-rules.service';
import { PasswordConfig } from './password.config';
import { PasswordAttempts } from './password-attempts.service';

/** How many may wait to be hashed (security.md 5.1); none waits longer than 2 s. */
const QUEUE = 8;
const MAX_WAIT_MILLISECONDS = 2000;

/** Needs Keyring and PublicUrl from global modules, and the slices PasswordConfig and ProductConfig. */
@Module({
  imports: [UsersModule],
  providers: [
    AccountPassword,
    BreachedPasswords,
    PasswordAttempts,
    PasswordRulesService,
    ImportedPasswords,
    {
      provide: PasswordHasher,
      inject: [Keyring, ImportedPasswords, PasswordConfig],
      useFactory: (keyring: Keyring, imported: ImportedHashes, config: PasswordConfig) =>
        new BcryptHasher(keyring, imported, {
          cost: config.BCRYPT_COST,
          concurrency: config.BCRYPT_CONCURRENCY,
          queue: QUEUE,
          maxWaitMilliseconds: MAX_WAIT_MILLISECONDS,
        }),
    },
  ],
  exports: [AccountPassword, PasswordAttempts, PasswordRulesService, PasswordHasher],
})
export class PasswordModule {}
