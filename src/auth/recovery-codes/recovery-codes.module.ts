import { Module } from '@nestjs/common';
import { AccountLimits } from '../account-limits.service';
import { FactorChange } from '../factor-change.service';
import { PasswordModule } from '../password/password.module';
import { SessionsModule } from '../sessions/sessions.module';
import { RecoveryCodesController } from './recovery-codes.controller';
import { RecoveryCodesService } from './recovery-codes.service';

@Module({
  imports: [PasswordModule, SessionsModule],
  controllers: [RecoveryCodesController],
  providers: [RecoveryCodesService, FactorChange, AccountLimits],
})
export class RecoveryCodesModule {}
