import { Module } from '@nestjs/common';
import { ClientsModule } from '../clients/clients.module';
import { SessionsModule } from '../sessions/sessions.module';
import { TokensModule } from '../tokens/tokens.module';
import { IntrospectionService } from './introspection.service';
import { MetadataController } from './metadata.controller';
import { OauthController } from './oauth.controller';
import { RevocationService } from './revocation.service';

/** The routes that standard clients and resource servers expect of an authorization server, as far as we are one. */
@Module({
  imports: [ClientsModule, SessionsModule, TokensModule],
  controllers: [MetadataController, OauthController],
  providers: [IntrospectionService, RevocationService],
})
export class OauthModule {}
