import { Module } from '@nestjs/common';
import { LimitsModule } from '../limits/limits.module';
import { MailModule } from '../mail/mail.module';
import { SmsModule } from '../sms/sms.module';
import { ChallengeStateStore } from './challenge-state.store';
import { PretendedMessages } from './pretended-messages.service';
import { PretendedVerifications } from './pretended-verifications.service';
import { PretendedVerificationsStore } from './pretended-verifications.store';
import { ChallengeView } from './challenge-view.service';
import { Challenges } from './challenges.service';
import { CodeMails } from './code-mails.service';
import { CodeMessages } from './code-messages.service';
import { CodeText } from './code-text.service';
import { CrowdedNumbers } from './crowded-numbers.store';
import { EmailChallenges } from './email-challenges.service';
import { ChallengeNoticeMails } from './challenge-notice-mails.service';
import { MessageCharges } from './message-charges.service';
import { MessageChallenges } from './message-challenges.service';
import { NoticeBudget } from './notice-budget.store';
import { SendRefusals } from './send-refusals.service';
import { VendorCheck } from './vendor-check.service';
import { VendorLatency } from './vendor-latency';

@Module({
  imports: [LimitsModule, SmsModule, MailModule],
  providers: [
    ChallengeStateStore,
    PretendedMessages,
    PretendedVerifications,
    PretendedVerificationsStore,
    Challenges,
    ChallengeView,
    CodeMails,
    CodeMessages,
    CodeText,
    CrowdedNumbers,
    EmailChallenges,
    MessageChallenges,
    MessageCharges,
    NoticeBudget,
    SendRefusals,
    ChallengeNoticeMails,
    VendorCheck,
    VendorLatency,
  ],
  exports: [
    LimitsModule,
    MailModule,
    Challenges,
    EmailChallenges,
    MessageChallenges,
    ChallengeView,
    SendRefusals,
    VendorCheck,
  ],
})
export class OtpModule {}
