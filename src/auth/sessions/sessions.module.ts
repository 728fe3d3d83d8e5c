import { Module } from '@nestjs/common';
import { RefreshTokens } from './refresh-token.algorithm';
import { SessionLivenessService } from './session-liveness.service';

/** What guards and token routes need of sessions; what only sign-ins do is provided by their modules (second-factor, login). Needs Clock, Random, Keyring and Database from global modules, and the slice SessionsConfig. */
@Module({
  providers: [SessionLivenessService, RefreshTokens],
  exports: [SessionLivenessService, RefreshTokens],
})
export class SessionsModule {}
