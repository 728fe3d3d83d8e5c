import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiAcceptedResponse, ApiBearerAuth, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { ChallengeResponse } from '../../otp/challenge-response.types';
import type { Actor } from '../../platform/request/actor';
import { CurrentActor } from '../../platform/request/current-actor.decorator';
import { StepUp } from '../../platform/request/step-up.decorator';
import { UserResponse } from '../../users/user-response.types';
import { PhoneChangeRequest, PhoneConfirmRequest } from './phone-change.request';
import { PhoneChangeService } from './phone-change.service';

@ApiTags('users')
@ApiBearerAuth()
@Controller('v1/users/me/phone')
export class PhoneChangeController {
  constructor(private readonly changes: PhoneChangeService) {}

  /** Sends a code to the new number. Needs a fresh sign-in or step-up. */
  @Post()
  @StepUp('change')
  @HttpCode(202)
  @ApiAcceptedResponse({ type: ChallengeResponse })
  begin(@CurrentActor() actor: Actor, @Body() { phone }: PhoneChangeRequest): Promise<ChallengeResponse> {
    return this.changes.begin(actor, phone);
  }

  /** The code from the new number. This session stays, every other ends; both numbers are told. 409 when the number is taken. */
  @Post('confirm')
  @HttpCode(200)
  @ApiOkResponse({ type: UserResponse })
  async confirm(
    @CurrentActor() actor: Actor,
    @Body() { challengeToken, code }: PhoneConfirmRequest,
  ): Promise<UserResponse> {
    return UserResponse.from(await this.changes.confirm(actor, challengeToken, code));
  }
}
