import { Module } from '@nestjs/common';
import { JwtModule } from '@nestjs/jwt';
import { ClientsModule } from '../clients/clients.module';
import { AccessTokenVerifier } from './access-token-verifier.service';
import { AccessTokensService } from './access-tokens.service';
import { ClaimsSource } from './claims-source';
import { CustomClaims } from './custom-claims.service';
import { Issuer } from './issuer.service';
import { JwksController } from './jwks.controller';
import { KeyRotationService } from './key-rotation.service';
import { OwnClaims } from './own-claims.source';
import { SigningKeysService } from './signing-keys.service';
import { SigningKeysStore } from './signing-keys.store';

/** The extension point: this class is asked for claims (docs/claims.md). */
const claimsSource = { provide: ClaimsSource, useClass: OwnClaims };

/** Needs Clock, Random, PublicUrl, SealedBox, Database, AuditLog and JobRegistry from global modules, and the slice TokensConfig. */
@Module({
  imports: [ClientsModule, JwtModule.register({})],
  controllers: [JwksController],
  providers: [
    SigningKeysStore,
    SigningKeysService,
    KeyRotationService,
    Issuer,
    claimsSource,
    CustomClaims,
    AccessTokensService,
    AccessTokenVerifier,
  ],
  exports: [SigningKeysService, KeyRotationService, Issuer, AccessTokensService, AccessTokenVerifier],
})
export class TokensModule {}
