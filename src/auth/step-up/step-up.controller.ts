import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiAcceptedResponse, ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { ChallengeResponse } from '../../otp/challenge-response.types';
import type { Actor } from '../../platform/request/actor';
import { CurrentActor } from '../../platform/request/current-actor.decorator';
import { StepUpRequest } from './step-up.request';
import { StepUpService } from './step-up.service';

@ApiTags('auth')
@ApiBearerAuth()
@Controller('v1/auth/step-up')
export class StepUpController {
  constructor(private readonly stepUps: StepUpService) {}

  /** Sends a code to the person who is signed in; entered at otp/verify it renews auth_time of this session for sensitive routes. */
  @Post()
  @HttpCode(202)
  @ApiAcceptedResponse({ type: ChallengeResponse })
  begin(@CurrentActor() actor: Actor, @Body() { password }: StepUpRequest): Promise<ChallengeResponse> {
    return this.stepUps.begin(actor, password);
  }
}
