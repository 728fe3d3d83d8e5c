import { Module } from '@nestjs/common';
import { FactorChange } from '../factor-change.service';
import { SessionsModule } from '../sessions/sessions.module';
import { TotpController } from './totp.controller';
import { TotpService } from './totp.service';

@Module({ imports: [SessionsModule], controllers: [TotpController], providers: [TotpService, FactorChange] })
export class TotpModule {}
