import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiAcceptedResponse, ApiTags } from '@nestjs/swagger';
import { ChallengeResponse } from '../../otp/challenge.types';
import { Public } from '../../platform/request/public.decorator';
import { Throttled } from '../../throttling/throttled.decorator';
import { RegisterRequest } from './register.request';
import { RegisterService } from './register.service';

@ApiTags('auth')
@Controller('v1/auth/register')
export class RegisterController {
  constructor(private readonly registrations: RegisterService) {}

  /** The same answer for free and taken numbers; the account exists once the code is verified. */
  @Post()
  @Public()
  @Throttled('LIMIT_REGISTER_ADDRESS')
  @HttpCode(202)
  @ApiAcceptedResponse({ type: ChallengeResponse })
  register(@Body() request: RegisterRequest): Promise<ChallengeResponse> {
    return this.registrations.register(request);
  }
}
