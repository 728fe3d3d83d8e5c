import { Module } from '@nestjs/common';
import { OtpModule } from '../../otp/otp.module';
import { IssuePolicyService } from '../issue-policy.service';
import { ClientsModule } from '../clients/clients.module';
import { PasswordModule } from '../password/password.module';
import { SecondFactorModule } from '../second-factor/second-factor.module';
import { BrowserOrigin } from '../sessions/browser-origin.service';
import { RefreshSuccessor } from '../sessions/refresh-successor.algorithm';
import { TrustedDevicesModule } from '../trusted-devices/trusted-devices.module';
import { PhonelessChallenge } from '../phoneless-challenge.service';
import { LoginController } from './login.controller';
import { LoginService } from './login.service';
import { LoginStore } from './login.store';
import { TrustedLogin } from './trusted-login.service';

@Module({
  imports: [ClientsModule, OtpModule, PasswordModule, SecondFactorModule, TrustedDevicesModule],
  controllers: [LoginController],
  providers: [
    LoginService,
    LoginStore,
    IssuePolicyService,
    BrowserOrigin,
    TrustedLogin,
    RefreshSuccessor,
    PhonelessChallenge,
  ],
})
export class LoginModule {}
