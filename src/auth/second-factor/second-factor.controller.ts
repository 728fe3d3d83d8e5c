import { Body, Controller, HttpCode, Post, Res } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { ChallengeResponse } from '../../otp/challenge-response.types';
import { browserOf } from '../../platform/request/browser.decorator';
import { Public } from '../../platform/request/public.decorator';
import { Throttled, Unthrottled } from '../../throttling/throttled.decorator';
import { answerWith } from '../sessions/token-delivery';
import { TokensResponse } from '../tokens/tokens.response';
import { ResendService } from './resend.service';
import { ChallengeRequest, ResendRequest, VerifyRequest } from './second-factor.request';
import { StatusResponse } from './second-factor.response';
import { StatusService } from './status.service';
import { VerifyService } from './verify.service';

@ApiTags('auth')
@Controller('v1/auth/otp')
@Public()
export class SecondFactorController {
  constructor(
    private readonly verifications: VerifyService,
    private readonly resends: ResendService,
    private readonly statuses: StatusService,
  ) {}

  /** Completes a registration, a login or a step-up: the right code, once, gives tokens; a step-up's are an access token only. */
  @Post('verify')
  @HttpCode(200)
  @ApiOkResponse({ type: TokensResponse })
  async verify(
    @Body() request: VerifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TokensResponse> {
    return answerWith(reply, await this.verifications.verify(request, browserOf(reply.request)));
  }

  /** Sends the code of a live challenge again, when resendAfter has passed. */
  @Post('resend')
  @HttpCode(202)
  @ApiAcceptedResponse({ type: ChallengeResponse })
  resend(@Body() { challengeToken, channel }: ResendRequest): Promise<ChallengeResponse> {
    return this.resends.resend(challengeToken, channel);
  }

  /** Where the message is and what the person can do next. */
  @Post('status')
  @Unthrottled()
  @Throttled('LIMIT_STATUS')
  @HttpCode(200)
  @ApiOkResponse({ type: StatusResponse })
  status(@Body() { challengeToken }: ChallengeRequest): Promise<StatusResponse> {
    return this.statuses.status(challengeToken);
  }
}
