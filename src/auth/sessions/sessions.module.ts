import { Module } from '@nestjs/common';
import { RefreshTokens } from './refresh-token.algorithm';
import { SessionLivenessService } from './session-liveness.service';
import { SessionSurplus } from './session-surplus.service';

/** Needs Clock, Random, Keyring, RequestContext and Database from global modules, and the slice SessionsConfig. */
@Module({
  providers: [SessionLivenessService, RefreshTokens, SessionSurplus],
  exports: [SessionLivenessService, RefreshTokens, SessionSurplus],
})
export class SessionsModule {}
