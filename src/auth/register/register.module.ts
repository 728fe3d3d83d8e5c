import { Module } from '@nestjs/common';
import { OtpModule } from '../../otp/otp.module';
import { IssuePolicyService } from '../issue-policy.service';
import { GateModule } from '../challenge-gate/gate.module';
import { ClientsModule } from '../clients/clients.module';
import { InvitesModule } from '../invites/invites.module';
import { PasswordModule } from '../password/password.module';
import { BrowserOrigin } from '../sessions/browser-origin.service';
import { RegisterController } from './register.controller';
import { RegisterService } from './register.service';

@Module({
  imports: [ClientsModule, GateModule, InvitesModule, OtpModule, PasswordModule],
  controllers: [RegisterController],
  providers: [RegisterService, IssuePolicyService, BrowserOrigin],
})
export class RegisterModule {}
