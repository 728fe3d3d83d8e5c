import { Module } from '@nestjs/common';
import { IdentifiersModule } from '../identifiers/identifiers.module';
import { IssuanceModule } from '../issuance/issuance.module';
import { SecondFactorModule } from '../second-factor/second-factor.module';
import { TokensModule } from '../tokens/tokens.module';
import { PhoneCheckService } from './phone-check.service';
import { PhoneProofs } from './phone-proof.service';
import { PhoneVerificationsController } from './phone-verifications.controller';
import { PhoneVerificationsService } from './phone-verifications.service';
import { PhoneVerificationsStore } from './phone-verifications.store';

@Module({
  imports: [IdentifiersModule, IssuanceModule, SecondFactorModule, TokensModule],
  controllers: [PhoneVerificationsController],
  providers: [PhoneVerificationsService, PhoneCheckService, PhoneProofs, PhoneVerificationsStore],
})
export class PhoneVerificationsModule {}
