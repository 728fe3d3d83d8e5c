import { Module } from '@nestjs/common';
import { ClientsModule } from '../clients/clients.module';
import { IssuanceModule } from '../issuance/issuance.module';
import { PasswordModule } from '../password/password.module';
import { BrowserOrigin } from '../sessions/browser-origin.service';
import { SessionSurplus } from '../sessions/session-surplus.service';
import { SessionsModule } from '../sessions/sessions.module';
import { TokensModule } from '../tokens/tokens.module';
import { TrustedDevicesModule } from '../trusted-devices/trusted-devices.module';
import { CodeRefusals } from './code-refusals.service';
import { CodeVerification } from './code-verification.service';
import { FactorFailuresStore } from './factor-failures.store';
import { EmailMethod } from './methods/email.method';
import { RecoveryCodeMethod } from './methods/recovery-code.method';
import { SmsMethod } from './methods/sms.method';
import { TotpMethod } from './methods/totp.method';
import { SecondFactorMethods } from './methods.service';
import { ResendService } from './resend.service';
import { SecondFactorController } from './second-factor.controller';
import { SessionCode } from './session-code.service';
import { SessionMaker } from './session-maker.service';
import { StatusService } from './status.service';
import { VerifyService } from './verify.service';
import { VerifyStore } from './verify.store';

@Module({
  imports: [ClientsModule, IssuanceModule, PasswordModule, SessionsModule, TokensModule, TrustedDevicesModule],
  controllers: [SecondFactorController],
  providers: [
    SmsMethod,
    EmailMethod,
    TotpMethod,
    RecoveryCodeMethod,
    SecondFactorMethods,
    VerifyStore,
    FactorFailuresStore,
    CodeVerification,
    CodeRefusals,
    VerifyService,
    ResendService,
    StatusService,
    SessionCode,
    SessionMaker,
    SessionSurplus,
    BrowserOrigin,
  ],
  exports: [CodeVerification, CodeRefusals, FactorFailuresStore, SessionCode, SessionMaker],
})
export class SecondFactorModule {}
