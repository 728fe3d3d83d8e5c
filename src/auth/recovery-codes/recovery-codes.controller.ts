import { Body, Controller, Get, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiCreatedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { Actor } from '../../platform/request/actor';
import { CurrentActor } from '../../platform/request/current-actor.decorator';
import { StepUp } from '../../platform/request/step-up.decorator';
import { EmptyRequest } from '../../platform/request/empty.request';
import { RecoveryCodesResponse, RemainingCodesResponse } from './recovery-codes.response';
import { RecoveryCodesService } from './recovery-codes.service';

@ApiTags('users')
@ApiBearerAuth()
@Controller('v1/users/me/recovery-codes')
export class RecoveryCodesController {
  constructor(private readonly recovery: RecoveryCodesService) {}

  /** A new set of ten, shown once; the old set ends. Each code signs in once, in place of the phone. Needs a fresh sign-in or step-up. */
  @Post()
  @StepUp('change')
  @ApiCreatedResponse({ type: RecoveryCodesResponse })
  async make(@CurrentActor() actor: Actor, @Body() _body: EmptyRequest): Promise<RecoveryCodesResponse> {
    return { codes: await this.recovery.make(actor) };
  }

  /** How many recovery codes are left. */
  @Get()
  @ApiOkResponse({ type: RemainingCodesResponse })
  async remaining(@CurrentActor() actor: Actor): Promise<RemainingCodesResponse> {
    return { remaining: await this.recovery.remaining(actor) };
  }
}
