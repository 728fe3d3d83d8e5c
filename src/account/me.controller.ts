// The routes by which a person reads, changes and deletes their own account.
import { Body, Controller, Delete, Get, HttpCode, Patch, Query, Req, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiNoContentResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { FORGET_ACCOUNT } from '../auth/sessions/refresh-carrier.service';
import { AppError } from '../platform/errors/app-error';
import { tokenErrors } from '../platform/errors/token.errors';
import { type Actor, callerOf } from '../platform/request/actor';
import { CurrentActor } from '../platform/request/current-actor.decorator';
import { StepUp } from '../platform/request/step-up.decorator';
import { UserResponse } from '../users/user-response.types';
import { UsersService } from '../users/users.service';
import type { UserAccount } from '../users/users.types';
import { AccountDeletion } from './deletion/account-deletion.service';
import { MeReadRequest, MeUpdateRequest } from './me.request';

/** Whatever `include` names needs more than an access token: a fresh sign-in or step-up. */
const asksForMore = ({ query }: FastifyRequest): boolean => (query as MeReadRequest).include !== undefined;

@ApiTags('users')
@ApiBearerAuth()
@Controller('v1/users/me')
export class MeController {
  constructor(
    private readonly users: UsersService,
    private readonly deletion: AccountDeletion,
  ) {}

  /** The account of the person who asks. The phone is masked. `include=phone` gives it in full, and needs a fresh sign-in or step-up. */
  @Get()
  @StepUp('reading', asksForMore)
  @ApiOkResponse({ type: UserResponse })
  async read(@Req() request: FastifyRequest, @Query() { include }: MeReadRequest): Promise<UserResponse> {
    const account = request.account ?? (await this.users.find(callerOf(request).userId));
    return UserResponse.from(found(account), { phone: include === 'phone' });
  }

  /** Changes name and language. Fields that are absent stay as they are; null removes them. */
  @Patch()
  @ApiOkResponse({ type: UserResponse })
  async update(@CurrentActor() actor: Actor, @Body() profile: MeUpdateRequest): Promise<UserResponse> {
    return UserResponse.from(found(await this.users.update(actor, profile)));
  }

  /** Deletes the account for good, with its sessions and factors. Its number can be registered again. Needs a fresh sign-in or step-up. */
  @Delete()
  @StepUp('change')
  @HttpCode(204)
  @ApiNoContentResponse()
  async remove(@CurrentActor() actor: Actor, @Res({ passthrough: true }) reply: FastifyReply): Promise<void> {
    const { tokenDelivery } = await this.deletion.delete(actor);
    if (tokenDelivery === 'cookie') void reply.headers(FORGET_ACCOUNT);
  }
}

function found(account: UserAccount | undefined): UserAccount {
  if (account === undefined) throw new AppError(tokenErrors.token_invalid, { reason: 'the account is gone' });
  return account;
}
