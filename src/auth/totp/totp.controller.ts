import { Body, Controller, Delete, HttpCode, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiCreatedResponse, ApiNoContentResponse, ApiTags } from '@nestjs/swagger';
import type { Actor } from '../../platform/request/actor';
import { CurrentActor } from '../../platform/request/current-actor.decorator';
import { StepUp } from '../../platform/request/step-up.decorator';
import { EmptyRequest } from '../../platform/request/empty.request';
import { TotpConfirmRequest } from './totp.request';
import { TotpEnrolmentResponse } from './totp.response';
import { TotpService } from './totp.service';

@ApiTags('users')
@ApiBearerAuth()
@Controller('v1/users/me/totp')
@StepUp('change')
export class TotpController {
  constructor(private readonly totp: TotpService) {}

  /** Begins with an authenticator app: its secret, shown once. It counts from its first code on, within 10 minutes. Needs a fresh sign-in or step-up. */
  @Post()
  @ApiCreatedResponse({ type: TotpEnrolmentResponse })
  enrol(@CurrentActor() actor: Actor, @Body() _body: EmptyRequest): Promise<TotpEnrolmentResponse> {
    return this.totp.enrol(actor);
  }

  /** The app's first code. From now on it is asked for at sign-in. This session stays, every other ends. Needs a fresh sign-in or step-up. */
  @Post('confirm')
  @HttpCode(204)
  @ApiNoContentResponse()
  confirm(@CurrentActor() actor: Actor, @Body() { code }: TotpConfirmRequest): Promise<void> {
    return this.totp.confirm(actor, code);
  }

  /** Ends the use of the app. This session stays, every other ends. 409 when nothing else proves an account without a number. Needs a fresh sign-in or step-up. */
  @Delete()
  @HttpCode(204)
  @ApiNoContentResponse()
  remove(@CurrentActor() actor: Actor): Promise<void> {
    return this.totp.remove(actor);
  }
}
