import { Module } from '@nestjs/common';
import { FactorAlarm } from './factor-alarm.service';

@Module({ providers: [FactorAlarm], exports: [FactorAlarm] })
export class FactorAlarmModule {}
