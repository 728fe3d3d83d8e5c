import { Module } from '@nestjs/common';
import { OtpModule } from '../../otp/otp.module';
import { AccountsModule } from '../accounts/accounts.module';
import { IssuePolicyService } from '../issue-policy.service';
import { SecondFactorModule } from '../second-factor/second-factor.module';
import { SessionsModule } from '../sessions/sessions.module';
import { PhoneRebindCodes } from './phone-rebind-codes.service';
import { PhoneRebindController } from './phone-rebind.controller';
import { PhoneRebindMoves } from './phone-rebind-moves.service';
import { PhoneRebinds } from './phone-rebinds.service';

@Module({
  imports: [AccountsModule, OtpModule, SecondFactorModule, SessionsModule],
  controllers: [PhoneRebindController],
  providers: [PhoneRebinds, PhoneRebindCodes, PhoneRebindMoves, IssuePolicyService],
  exports: [PhoneRebinds],
})
export class PhoneRebindModule {}
