import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Public } from '../../platform/request/public.decorator';
import { GateKeeper } from './gate-keeper.service';
import { GateQuery } from './gate.request';
import { GateResponse } from './gate.response';

@ApiTags('auth')
@Controller('v1/auth/gate')
@Public()
export class GateController {
  constructor(private readonly keeper: GateKeeper) {}

  /** What has to be passed before registering or asking for a reset now: for a page that shows a widget beside its form. */
  @Get()
  @ApiOkResponse({ type: GateResponse })
  async read(@Query() { purpose }: GateQuery): Promise<GateResponse> {
    return GateResponse.from(await this.keeper.gate(purpose));
  }
}
