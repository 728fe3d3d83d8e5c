import { Module } from '@nestjs/common';
import { AccountsModule } from '../accounts/accounts.module';
import { IdentifiersModule } from '../identifiers/identifiers.module';
import { IssuanceModule } from '../issuance/issuance.module';
import { SecondFactorModule } from '../second-factor/second-factor.module';
import { SessionsModule } from '../sessions/sessions.module';
import { PhoneRebindCodes } from './phone-rebind-codes.service';
import { PhoneRebindController } from './phone-rebind.controller';
import { PhoneRebindMoves } from './phone-rebind-moves.service';
import { PhoneRebinds } from './phone-rebinds.service';
import { PhoneRebindsStore } from './phone-rebinds.store';

@Module({
  imports: [AccountsModule, IdentifiersModule, IssuanceModule, SecondFactorModule, SessionsModule],
  controllers: [PhoneRebindController],
  providers: [PhoneRebinds, PhoneRebindsStore, PhoneRebindCodes, PhoneRebindMoves],
  exports: [PhoneRebinds],
})
export class PhoneRebindModule {}
