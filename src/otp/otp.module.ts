import { Module } from '@nestjs/common';
import { LimitsModule } from '../limits/limits.module';
import { SmsModule } from '../sms/sms.module';
import { ChallengeStateStore } from './challenge-state.store';
import { ChallengeView } from './challenge-view.service';
import { Challenges } from './challenges.service';
import { CodeMessages } from './code-messages.service';
import { NoticeBudget } from './notice-budget.store';
import { VendorCheck } from './vendor-check.service';
import { VendorLatency } from './vendor-latency';

@Module({
  imports: [LimitsModule, SmsModule],
  providers: [ChallengeStateStore, Challenges, ChallengeView, CodeMessages, NoticeBudget, VendorCheck, VendorLatency],
  exports: [LimitsModule, Challenges, ChallengeView, VendorCheck],
})
export class OtpModule {}
