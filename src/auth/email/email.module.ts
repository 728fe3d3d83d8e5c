import { Module } from '@nestjs/common';
import { OtpModule } from '../../otp/otp.module';
import { FactorChange } from '../factor-change.service';
import { IssuePolicyService } from '../issue-policy.service';
import { SecondFactorModule } from '../second-factor/second-factor.module';
import { SessionsModule } from '../sessions/sessions.module';
import { EmailController } from './email.controller';
import { EmailService } from './email.service';

@Module({
  imports: [OtpModule, SecondFactorModule, SessionsModule],
  controllers: [EmailController],
  providers: [EmailService, FactorChange, IssuePolicyService],
})
export class EmailModule {}
