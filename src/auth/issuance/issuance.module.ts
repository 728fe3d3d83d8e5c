import { Module } from '@nestjs/common';
import { OtpModule } from '../../otp/otp.module';
import { Issuance } from './issuance.service';
import { PhonelessChallenge } from './phoneless-challenge.service';

/** What all flows that issue a challenge share. The challenge itself belongs to module otp. */
@Module({
  imports: [OtpModule],
  providers: [Issuance, PhonelessChallenge],
  exports: [OtpModule, Issuance, PhonelessChallenge],
})
export class IssuanceModule {}
