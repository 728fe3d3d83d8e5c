import { Module } from '@nestjs/common';
import { GateModule } from '../challenge-gate/gate.module';
import { IdentifiersModule } from '../identifiers/identifiers.module';
import { IssuanceModule } from '../issuance/issuance.module';
import { PasswordModule } from '../password/password.module';
import { SecondFactorModule } from '../second-factor/second-factor.module';
import { SessionsModule } from '../sessions/sessions.module';
import { PasswordForgotService } from './password-forgot.service';
import { PasswordResetController } from './password-reset.controller';
import { PasswordResetService } from './password-reset.service';

@Module({
  imports: [GateModule, IdentifiersModule, IssuanceModule, PasswordModule, SecondFactorModule, SessionsModule],
  controllers: [PasswordResetController],
  providers: [PasswordForgotService, PasswordResetService],
})
export class PasswordResetModule {}
