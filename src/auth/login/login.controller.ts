import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { ChallengeResponse } from '../../otp/challenge.types';
import { Public } from '../../platform/request/public.decorator';
import { LoginRequest } from './login.request';
import { LoginService } from './login.service';

@ApiTags('auth')
@Controller('v1/auth/login')
export class LoginController {
  constructor(private readonly logins: LoginService) {}

  /** A right password gives a pending challenge, never a token. */
  @Post()
  @Public()
  @HttpCode(200)
  @ApiOkResponse({ type: ChallengeResponse })
  login(@Body() request: LoginRequest): Promise<ChallengeResponse> {
    return this.logins.login(request);
  }
}
