// GET /v1/admin/alarms: the conditions that last and that an operator should act on.
import { Get } from '@nestjs/common';
import { ApiOkResponse } from '@nestjs/swagger';
import { GateKeeper } from '../../auth/challenge-gate/gate-keeper.service';
import { FactorAlarm } from '../../auth/factor-alarm/factor-alarm.service';
import { AdminController } from '../admin-route.decorator';
import { AlarmsResponse } from './admin-alarms.response';

@AdminController('alarms')
export class AdminAlarmsController {
  constructor(
    private readonly factors: FactorAlarm,
    private readonly keeper: GateKeeper,
  ) {}

  /** How many codes were wrong lately on all instances together, and whether the gate is shut now. */
  @Get()
  @ApiOkResponse({ type: AlarmsResponse })
  async read(): Promise<AlarmsResponse> {
    return AlarmsResponse.from(await this.factors.look(), await this.keeper.state());
  }
}
