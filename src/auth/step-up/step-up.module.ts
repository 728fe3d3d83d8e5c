import { Module } from '@nestjs/common';
import { OtpModule } from '../../otp/otp.module';
import { IssuePolicyService } from '../issue-policy.service';
import { PasswordModule } from '../password/password.module';
import { PhonelessChallenge } from '../phoneless-challenge.service';
import { StepUpController } from './step-up.controller';
import { StepUpGuard } from './step-up.guard';
import { StepUpService } from './step-up.service';

/** The guard is exported, not registered: the composition root puts it behind the access guard. */
@Module({
  imports: [OtpModule, PasswordModule],
  controllers: [StepUpController],
  providers: [StepUpService, StepUpGuard, IssuePolicyService, PhonelessChallenge],
  exports: [StepUpGuard],
})
export class StepUpModule {}
