import { Module } from '@nestjs/common';
import { JwtModule } from '@nestjs/jwt';
import { OtpModule } from '../../otp/otp.module';
import { IssuePolicyService } from '../issue-policy.service';
import { TokensModule } from '../tokens/tokens.module';
import { PhoneCheckService } from './phone-check.service';
import { PhoneProofs } from './phone-proof.service';
import { PhoneVerificationsController } from './phone-verifications.controller';
import { PhoneVerificationsService } from './phone-verifications.service';
import { PhoneVerificationsStore } from './phone-verifications.store';

@Module({
  imports: [JwtModule.register({}), OtpModule, TokensModule],
  controllers: [PhoneVerificationsController],
  providers: [IssuePolicyService, PhoneVerificationsService, PhoneCheckService, PhoneProofs, PhoneVerificationsStore],
})
export class PhoneVerificationsModule {}
