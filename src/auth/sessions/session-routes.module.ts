import { Module } from '@nestjs/common';
import { TokensModule } from '../tokens/tokens.module';
import { RefreshSuccessor } from './refresh-successor.algorithm';
import { RefreshController } from './refresh.controller';
import { RefreshService } from './refresh.service';
import { SessionsController } from './sessions.controller';
import { SessionsModule } from './sessions.module';
import { SessionsService } from './sessions.service';

/** Refresh, logout and the list of sessions. Apart from SessionsModule, which the access guard needs. */
@Module({
  imports: [SessionsModule, TokensModule],
  controllers: [RefreshController, SessionsController],
  providers: [RefreshService, RefreshSuccessor, SessionsService],
})
export class SessionRoutesModule {}
