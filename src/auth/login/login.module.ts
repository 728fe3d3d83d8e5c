import { Module } from '@nestjs/common';
import { OtpModule } from '../../otp/otp.module';
import { IssuePolicyService } from '../issue-policy.service';
import { ClientsModule } from '../clients/clients.module';
import { PasswordModule } from '../password/password.module';
import { BrowserOrigin } from '../sessions/browser-origin.service';
import { LoginController } from './login.controller';
import { LoginService } from './login.service';
import { LoginStore } from './login.store';

@Module({
  imports: [ClientsModule, OtpModule, PasswordModule],
  controllers: [LoginController],
  providers: [LoginService, LoginStore, IssuePolicyService, BrowserOrigin],
})
export class LoginModule {}
