// The answer of GET /v1/admin/alarms: the alarm about second factors, and the state of the gate.
import { ApiProperty } from '@nestjs/swagger';
import type { GateStanding } from '../../auth/challenge-gate/gate.types';
import type { FactorStanding } from '../../auth/factor-alarm/factor-alarm.types';

class FactorAlarmResponse {
  @ApiProperty({ type: 'integer', description: 'Codes that were presented within the window, on all instances' })
  attempts!: number;

  @ApiProperty({ type: 'integer', description: 'Wrong codes among these' })
  failed!: number;

  @ApiProperty({ type: String, format: 'date-time', nullable: true, description: 'null: there is no alarm' })
  raisedAt!: string | null;
}

class GateStandingResponse {
  @ApiProperty({ enum: ['off', 'alarm', 'always'], description: 'CHALLENGE_GATE' })
  mode!: GateStanding['mode'];

  @ApiProperty({
    enum: ['proof_of_work', 'turnstile', 'hcaptcha'],
    description: 'The kind of gate that this instance asks for now',
  })
  kind!: GateStanding['kind'];

  @ApiProperty({ description: 'Whether the gate has to be passed now' })
  shut!: boolean;
}

export class AlarmsResponse {
  @ApiProperty({ type: FactorAlarmResponse })
  secondFactors!: FactorAlarmResponse;

  @ApiProperty({ type: GateStandingResponse })
  gate!: GateStandingResponse;

  static from({ attempts, failed, raisedAt }: FactorStanding, gate: GateStanding): AlarmsResponse {
    return { secondFactors: { attempts, failed, raisedAt: raisedAt?.toISOString() ?? null }, gate };
  }
}
