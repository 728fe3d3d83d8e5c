import { Module } from '@nestjs/common';
import { RefreshTokens } from './refresh-token.algorithm';
import { SessionLivenessService } from './session-liveness.service';

/** Needs Clock, Random, Keyring and Database from global modules, and the slice SessionsConfig. */
@Module({
  providers: [SessionLivenessService, RefreshTokens],
  exports: [SessionLivenessService, RefreshTokens],
})
export class SessionsModule {}
