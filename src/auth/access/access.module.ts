import { Module } from '@nestjs/common';
import { ClientsModule } from '../clients/clients.module';
import { SessionsModule } from '../sessions/sessions.module';
import { TokensModule } from '../tokens/tokens.module';
import { AccessTokenGuard } from './access-token.guard';

/** The guard is not registered here: app.setup.ts makes it global, so that the order of all guards stands in one place. */
@Module({
  imports: [ClientsModule, TokensModule, SessionsModule],
  providers: [AccessTokenGuard],
  exports: [AccessTokenGuard],
})
export class AccessModule {}
