import { Module } from '@nestjs/common';
import { IdentifiersModule } from '../identifiers/identifiers.module';
import { IssuanceModule } from '../issuance/issuance.module';
import { SecondFactorModule } from '../second-factor/second-factor.module';
import { PhoneChangeController } from './phone-change.controller';
import { PhoneChangeService } from './phone-change.service';

@Module({
  imports: [IdentifiersModule, IssuanceModule, SecondFactorModule],
  controllers: [PhoneChangeController],
  providers: [PhoneChangeService],
})
export class PhoneChangeModule {}
