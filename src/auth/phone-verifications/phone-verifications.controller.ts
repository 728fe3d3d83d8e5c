import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiCreatedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { ChallengeResponse } from '../../otp/challenge-response.types';
import { ApiKey } from '../../platform/request/api-key.decorator';
import type { ApiClient } from '../clients/clients.types';
import { CurrentClient } from '../clients/current-client.decorator';
import { PhoneCheckService } from './phone-check.service';
import { PhoneVerificationCheckRequest, PhoneVerificationRequest } from './phone-verifications.request';
import { PhoneVerifiedResponse } from './phone-verifications.response';
import { PhoneVerificationsService } from './phone-verifications.service';

@ApiTags('phone verifications')
@ApiBearerAuth('apiKey')
@ApiKey('phone_verifications')
@Controller('v1/phone-verifications')
export class PhoneVerificationsController {
  constructor(
    private readonly verifications: PhoneVerificationsService,
    private readonly checks: PhoneCheckService,
  ) {}

  /** Sends a code to a phone, for a client app. otp/resend and otp/status work with the challenge as with any other. */
  @Post()
  @ApiCreatedResponse({ type: ChallengeResponse })
  start(@CurrentClient() caller: ApiClient, @Body() body: PhoneVerificationRequest): Promise<ChallengeResponse> {
    return this.verifications.start(body, caller);
  }

  /** The right code, once, proves the phone to the client app that asked. */
  @Post('check')
  @HttpCode(200)
  @ApiOkResponse({ type: PhoneVerifiedResponse })
  check(
    @CurrentClient() caller: ApiClient,
    @Body() { challengeToken, code }: PhoneVerificationCheckRequest,
  ): Promise<PhoneVerifiedResponse> {
    return this.checks.check(challengeToken, code, caller);
  }
}
