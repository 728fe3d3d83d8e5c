import { Module } from '@nestjs/common';
import { IdentifiersModule } from '../identifiers/identifiers.module';
import { IssuanceModule } from '../issuance/issuance.module';
import { ClientsModule } from '../clients/clients.module';
import { PasswordModule } from '../password/password.module';
import { SecondFactorModule } from '../second-factor/second-factor.module';
import { BrowserOrigin } from '../sessions/browser-origin.service';
import { RefreshSuccessor } from '../sessions/refresh-successor.algorithm';
import { TrustedDevicesModule } from '../trusted-devices/trusted-devices.module';
import { LoginController } from './login.controller';
import { LoginChallenge } from './login-challenge.service';
import { LoginService } from './login.service';
import { LoginStore } from './login.store';
import { TrustedLogin } from './trusted-login.service';

@Module({
  imports: [ClientsModule, IdentifiersModule, IssuanceModule, PasswordModule, SecondFactorModule, TrustedDevicesModule],
  controllers: [LoginController],
  providers: [LoginService, LoginChallenge, LoginStore, BrowserOrigin, TrustedLogin, RefreshSuccessor],
})
export class LoginModule {}
