import { Module } from '@nestjs/common';
import { AccessModule } from './access/access.module';
import { EmailModule } from './email/email.module';
import { LoginModule } from './login/login.module';
import { OauthModule } from './oauth/oauth.module';
import { PasswordChangeModule } from './password-change/password-change.module';
import { PasswordResetModule } from './password-reset/password-reset.module';
import { PhoneChangeModule } from './phone-change/phone-change.module';
import { PhoneRebindModule } from './phone-rebind/phone-rebind.module';
import { PhoneVerificationsModule } from './phone-verifications/phone-verifications.module';
import { RecoveryCodesModule } from './recovery-codes/recovery-codes.module';
import { RegisterModule } from './register/register.module';
import { SecondFactorModule } from './second-factor/second-factor.module';
import { SessionRoutesModule } from './sessions/session-routes.module';
import { StepUpModule } from './step-up/step-up.module';
import { TotpModule } from './totp/totp.module';
import { TrustedDevicesModule } from './trusted-devices/trusted-devices.module';

/** The flows, in the order a person meets them, and the guard of everything else. */
@Module({
  imports: [
    AccessModule,
    RegisterModule,
    LoginModule,
    SecondFactorModule,
    SessionRoutesModule,
    StepUpModule,
    PasswordChangeModule,
    PasswordResetModule,
    TotpModule,
    RecoveryCodesModule,
    TrustedDevicesModule,
    PhoneChangeModule,
    EmailModule,
    PhoneRebindModule,
    OauthModule,
    PhoneVerificationsModule,
  ],
  exports: [AccessModule, StepUpModule],
})
export class AuthModule {}
