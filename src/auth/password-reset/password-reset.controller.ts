import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiAcceptedResponse, ApiNoContentResponse, ApiTags } from '@nestjs/swagger';
import { ChallengeResponse } from '../../otp/challenge-response.types';
import { Public } from '../../platform/request/public.decorator';
import { Throttled } from '../../throttling/throttled.decorator';
import { PasswordForgotRequest, PasswordResetRequest } from './password-reset.request';
import { PasswordForgotService } from './password-forgot.service';
import { PasswordResetService } from './password-reset.service';

@ApiTags('auth')
@Controller('v1/auth/password')
@Public()
export class PasswordResetController {
  constructor(
    private readonly forgotten: PasswordForgotService,
    private readonly resets: PasswordResetService,
  ) {}

  /** Begins a reset of the password: the owner of the account gets a code. The same answer whether or not there is such an account. */
  @Post('forgot')
  @Throttled('LIMIT_RESET_ADDRESS')
  @HttpCode(202)
  @ApiAcceptedResponse({ type: ChallengeResponse })
  forgot(@Body() { identifier, gateToken }: PasswordForgotRequest): Promise<ChallengeResponse> {
    return this.forgotten.forgot(identifier, gateToken);
  }

  /** Replaces the password and ends every session. Signs nobody in: that takes the new password and a code. */
  @Post('reset')
  @HttpCode(204)
  @ApiNoContentResponse()
  reset(@Body() request: PasswordResetRequest): Promise<void> {
    return this.resets.reset(request);
  }
}
