import { Module } from '@nestjs/common';
import { OtpModule } from '../../otp/otp.module';
import { Issuance } from './issuance.service';
import { PhonelessChallenge } from './phoneless-challenge.service';

/** What every flow that issues a challenge uses; the challenge itself is the otp module's. */
@Module({
  imports: [OtpModule],
  providers: [Issuance, PhonelessChallenge],
  exports: [OtpModule, Issuance, PhonelessChallenge],
})
export class IssuanceModule {}
