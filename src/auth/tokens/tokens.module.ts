import { Module } from '@nestjs/common';
import { JwtModule } from '@nestjs/jwt';
import { ClientsModule } from '../clients/clients.module';
import { AccessTokensService } from './access-tokens.service';
import { Issuer } from './issuer.service';
import { JwksController } from './jwks.controller';
import { KeyRotationService } from './key-rotation.service';
import { SigningKeysService } from './signing-keys.service';
import { SigningKeysStore } from './signing-keys.store';

/** Needs Clock, Random, PublicUrl, SealedBox, Database, AuditLog and JobRegistry from global modules, and the slice TokensConfig. */
@Module({
  imports: [ClientsModule, JwtModule.register({})],
  controllers: [JwksController],
  providers: [SigningKeysStore, SigningKeysService, KeyRotationService, Issuer, AccessTokensService],
  exports: [SigningKeysService, KeyRotationService, Issuer, AccessTokensService],
})
export class TokensModule {}
