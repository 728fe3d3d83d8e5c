import { Module } from '@nestjs/common';
import { IdentifiersModule } from '../identifiers/identifiers.module';
import { IssuanceModule } from '../issuance/issuance.module';
import { GateModule } from '../challenge-gate/gate.module';
import { ClientsModule } from '../clients/clients.module';
import { InvitesModule } from '../invites/invites.module';
import { PasswordModule } from '../password/password.module';
import { BrowserOrigin } from '../sessions/browser-origin.service';
import { RegisterController } from './register.controller';
import { RegisterService } from './register.service';

@Module({
  imports: [ClientsModule, GateModule, IdentifiersModule, InvitesModule, IssuanceModule, PasswordModule],
  controllers: [RegisterController],
  providers: [RegisterService, BrowserOrigin],
})
export class RegisterModule {}
