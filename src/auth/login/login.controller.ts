import { Body, Controller, HttpCode, Post, Res } from '@nestjs/common';
import { ApiExtraModels, ApiOkResponse, ApiTags, getSchemaPath } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { ChallengeResponse } from '../../otp/challenge-response.types';
import { Browser, type BrowserFacts } from '../../platform/request/browser.decorator';
import { Public } from '../../platform/request/public.decorator';
import { BrowserOrigin } from '../sessions/browser-origin.service';
import { answerWith } from '../sessions/token-delivery';
import { TokensResponse } from '../tokens/tokens.response';
import { LoginRequest } from './login.request';
import { LoginService } from './login.service';

@ApiTags('auth')
@Controller('v1/auth/login')
export class LoginController {
  constructor(
    private readonly logins: LoginService,
    private readonly origins: BrowserOrigin,
  ) {}

  /** A right password gives a pending challenge, never a token, unless it comes from a device that the person has trusted. */
  @Post()
  @Public()
  @HttpCode(200)
  @ApiExtraModels(ChallengeResponse, TokensResponse)
  @ApiOkResponse({
    schema: { oneOf: [ChallengeResponse, TokensResponse].map((type) => ({ $ref: getSchemaPath(type) })) },
  })
  async login(
    @Body() request: LoginRequest,
    @Browser() browser: BrowserFacts,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ChallengeResponse | TokensResponse> {
    await this.origins.demandWelcome(browser, request.tokenDelivery);
    const answer = await this.logins.login(request, browser);
    return 'cookies' in answer ? answerWith(reply, answer) : answer;
  }
}
