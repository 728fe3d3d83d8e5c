import { Body, Controller, Delete, HttpCode, Post, Res } from '@nestjs/common';
import { ApiAcceptedResponse, ApiBearerAuth, ApiNoContentResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { ChallengeResponse } from '../../otp/challenge-response.types';
import type { Actor } from '../../platform/request/actor';
import { CurrentActor } from '../../platform/request/current-actor.decorator';
import { StepUp } from '../../platform/request/step-up.decorator';
import { UserResponse } from '../../users/user-response.types';
import { EmailChangeRequest, EmailConfirmRequest } from './email.request';
import { EmailService } from './email.service';

@ApiTags('users')
@ApiBearerAuth()
@Controller('v1/users/me/email')
export class EmailController {
  constructor(private readonly emails: EmailService) {}

  /**
   * Mails a code to the address, which becomes the account's once it is entered. Where no mail can be sent it is noted, unproved. Needs a fresh
   * sign-in or step-up.
   */
  @Post()
  @StepUp('change')
  @ApiAcceptedResponse({ type: ChallengeResponse })
  @ApiOkResponse({ type: UserResponse, description: 'No mail can be sent here: the address is a note' })
  async begin(
    @CurrentActor() actor: Actor,
    @Body() { email }: EmailChangeRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ChallengeResponse | UserResponse> {
    const outcome = await this.emails.begin(actor, email);
    void reply.status('challenge' in outcome ? 202 : 200);
    return 'challenge' in outcome ? outcome.challenge : UserResponse.from(outcome.account);
  }

  /** The code from the mail. This session stays, every other ends; phone and addresses are told. 409 when somebody has proved it. */
  @Post('confirm')
  @HttpCode(200)
  @ApiOkResponse({ type: UserResponse })
  async confirm(
    @CurrentActor() actor: Actor,
    @Body() { challengeToken, code }: EmailConfirmRequest,
  ): Promise<UserResponse> {
    return UserResponse.from(await this.emails.confirm(actor, challengeToken, code));
  }

  /**
   * The account has no address any more. Of a proved one phone and address are told, and every other session ends. 409 for an account without a
   * number, which signs in with it. Needs a fresh sign-in or step-up.
   */
  @Delete()
  @StepUp('change')
  @HttpCode(204)
  @ApiNoContentResponse()
  remove(@CurrentActor() actor: Actor): Promise<void> {
    return this.emails.remove(actor);
  }
}
