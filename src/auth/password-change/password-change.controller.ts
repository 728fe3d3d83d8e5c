import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiNoContentResponse, ApiTags } from '@nestjs/swagger';
import type { Actor } from '../../platform/request/actor';
import { CurrentActor } from '../../platform/request/current-actor.decorator';
import { StepUp } from '../../platform/request/step-up.decorator';
import { PasswordChangeRequest } from './password-change.request';
import { PasswordChangeService } from './password-change.service';

@ApiTags('users')
@ApiBearerAuth()
@Controller('v1/users/me/password')
export class PasswordChangeController {
  constructor(private readonly changes: PasswordChangeService) {}

  /** Replaces the password. This session stays, every other ends. Needs a fresh sign-in or step-up. */
  @Post()
  @StepUp('change')
  @HttpCode(204)
  @ApiNoContentResponse()
  change(@CurrentActor() actor: Actor, @Body() request: PasswordChangeRequest): Promise<void> {
    return this.changes.change(actor, request);
  }
}
