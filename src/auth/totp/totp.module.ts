import { Module } from '@nestjs/common';
import { OtpModule } from '../../otp/otp.module';
import { FactorChange } from '../factor-change.service';
import { SessionsModule } from '../sessions/sessions.module';
import { TotpController } from './totp.controller';
import { TotpService } from './totp.service';

@Module({ imports: [OtpModule, SessionsModule], controllers: [TotpController], providers: [TotpService, FactorChange] })
export class TotpModule {}
