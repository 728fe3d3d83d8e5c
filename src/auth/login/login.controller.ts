import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { ChallengeResponse } from '../../otp/challenge.types';
import { Browser, type BrowserFacts } from '../../platform/request/browser.decorator';
import { Public } from '../../platform/request/public.decorator';
import { BrowserOrigin } from '../sessions/browser-origin.service';
import { LoginRequest } from './login.request';
import { LoginService } from './login.service';

@ApiTags('auth')
@Controller('v1/auth/login')
export class LoginController {
  constructor(
    private readonly logins: LoginService,
    private readonly origins: BrowserOrigin,
  ) {}

  /** A right password gives a pending challenge, never a token. */
  @Post()
  @Public()
  @HttpCode(200)
  @ApiOkResponse({ type: ChallengeResponse })
  async login(@Body() request: LoginRequest, @Browser() browser: BrowserFacts): Promise<ChallengeResponse> {
    await this.origins.demandWelcome(browser, request.tokenDelivery);
    return this.logins.login(request);
  }
}
