import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { SessionsModule } from '../sessions/sessions.module';
import { TokensModule } from '../tokens/tokens.module';
import { AccessTokenGuard } from './access-token.guard';

/** Importing it once shuts every route of the application that is not marked @Public(). */
@Module({
  imports: [TokensModule, SessionsModule],
  providers: [{ provide: APP_GUARD, useClass: AccessTokenGuard }],
})
export class AccessModule {}
