import { Module } from '@nestjs/common';
import { FactorAlarmModule } from '../factor-alarm/factor-alarm.module';
import { GateKeeper } from './gate-keeper.service';
import { GateController } from './gate.controller';
import { GateStore } from './gate.store';
import { HcaptchaGate } from './hcaptcha.gate';
import { ProofOfWorkGate } from './proof-of-work.gate';
import { Siteverify } from './siteverify.service';
import { TurnstileGate } from './turnstile.gate';

@Module({
  imports: [FactorAlarmModule],
  controllers: [GateController],
  providers: [GateKeeper, GateStore, ProofOfWorkGate, TurnstileGate, HcaptchaGate, Siteverify],
  exports: [GateKeeper],
})
export class GateModule {}
