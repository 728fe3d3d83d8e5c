import { Module } from '@nestjs/common';
import { FactorChange } from '../factor-change.service';
import { IssuanceModule } from '../issuance/issuance.module';
import { SecondFactorModule } from '../second-factor/second-factor.module';
import { SessionsModule } from '../sessions/sessions.module';
import { EmailController } from './email.controller';
import { EmailService } from './email.service';

@Module({
  imports: [IssuanceModule, SecondFactorModule, SessionsModule],
  controllers: [EmailController],
  providers: [EmailService, FactorChange],
})
export class EmailModule {}
