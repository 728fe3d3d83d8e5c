import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiAcceptedResponse, ApiTags } from '@nestjs/swagger';
import { ChallengeResponse } from '../../otp/challenge-response.types';
import { Browser, type BrowserFacts } from '../../platform/request/browser.decorator';
import { Public } from '../../platform/request/public.decorator';
import { Throttled } from '../../throttling/throttled.decorator';
import { BrowserOrigin } from '../sessions/browser-origin.service';
import { RegisterRequest } from './register.request';
import { RegisterService } from './register.service';

@ApiTags('auth')
@Controller('v1/auth/register')
export class RegisterController {
  constructor(
    private readonly registrations: RegisterService,
    private readonly origins: BrowserOrigin,
  ) {}

  /** Begins a registration: its number gets a code. The same answer for free and taken numbers; the account exists once the code is verified. */
  @Post()
  @Public()
  @Throttled('LIMIT_REGISTER_ADDRESS')
  @HttpCode(202)
  @ApiAcceptedResponse({ type: ChallengeResponse })
  async register(@Body() request: RegisterRequest, @Browser() browser: BrowserFacts): Promise<ChallengeResponse> {
    await this.origins.demandWelcome(browser, request.tokenDelivery);
    return this.registrations.register(request);
  }
}
