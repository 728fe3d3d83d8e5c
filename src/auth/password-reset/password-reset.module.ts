import { Module } from '@nestjs/common';
import { OtpModule } from '../../otp/otp.module';
import { GateModule } from '../challenge-gate/gate.module';
import { IssuePolicyService } from '../issue-policy.service';
import { PasswordModule } from '../password/password.module';
import { SecondFactorModule } from '../second-factor/second-factor.module';
import { SessionsModule } from '../sessions/sessions.module';
import { PasswordForgotService } from './password-forgot.service';
import { PasswordResetController } from './password-reset.controller';
import { PasswordResetService } from './password-reset.service';

@Module({
  imports: [GateModule, OtpModule, PasswordModule, SecondFactorModule, SessionsModule],
  controllers: [PasswordResetController],
  providers: [PasswordForgotService, PasswordResetService, IssuePolicyService],
})
export class PasswordResetModule {}
