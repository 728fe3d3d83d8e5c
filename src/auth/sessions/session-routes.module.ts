import { Module } from '@nestjs/common';
import { ClientsModule } from '../clients/clients.module';
import { TokensModule } from '../tokens/tokens.module';
import { BrowserOrigin } from './browser-origin.service';
import { RefreshCarrier } from './refresh-carrier.service';
import { RefreshSuccessor } from './refresh-successor.algorithm';
import { RefreshController } from './refresh.controller';
import { RefreshService } from './refresh.service';
import { SessionsController } from './sessions.controller';
import { SessionsModule } from './sessions.module';
import { SessionsService } from './sessions.service';

/** Refresh, logout and the list of sessions. Separate from SessionsModule, because the access guard imports that one. */
@Module({
  imports: [ClientsModule, SessionsModule, TokensModule],
  controllers: [RefreshController, SessionsController],
  providers: [RefreshService, RefreshCarrier, BrowserOrigin, RefreshSuccessor, SessionsService],
})
export class SessionRoutesModule {}
