import { Module } from '@nestjs/common';
import { OtpModule } from '../../otp/otp.module';
import { IssuePolicyService } from '../issue-policy.service';
import { SecondFactorModule } from '../second-factor/second-factor.module';
import { SessionsModule } from '../sessions/sessions.module';
import { PhoneChangeController } from './phone-change.controller';
import { PhoneChangeService } from './phone-change.service';

@Module({
  imports: [OtpModule, SecondFactorModule, SessionsModule],
  controllers: [PhoneChangeController],
  providers: [PhoneChangeService, IssuePolicyService],
})
export class PhoneChangeModule {}
