import { Controller, Get } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { AppError } from '../platform/errors/app-error';
import { tokenErrors } from '../platform/errors/token.errors';
import type { Actor } from '../platform/request/actor';
import { CurrentActor } from '../platform/request/current-actor.decorator';
import { UserResponse } from '../users/user-response.types';
import { UsersService } from '../users/users.service';

@ApiTags('users')
@ApiBearerAuth()
@Controller('v1/users/me')
export class MeController {
  constructor(private readonly users: UsersService) {}

  @Get()
  @ApiOkResponse({ type: UserResponse })
  async read(@CurrentActor() actor: Actor): Promise<UserResponse> {
    const account = await this.users.find(actor.userId);
    if (account === undefined) throw new AppError(tokenErrors.token_invalid, { reason: 'the account is gone' });
    return UserResponse.from(account);
  }
}
