// Routes for accounts, by their id. AccountsManagement, AccountsSearch and OperatorReset have the rules, the audit rows and the transactions, and
// the command line uses them too. This controller only adds who asks.
import { Body, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiAcceptedResponse, ApiNoContentResponse, ApiOkResponse } from '@nestjs/swagger';
import { AccountsManagement } from '../../auth/accounts/accounts-management.service';
import { AccountsSearch } from '../../auth/accounts/accounts-search.service';
import { OperatorReset } from '../../auth/accounts/operator-reset.service';
import type { ApiClient } from '../../auth/clients/clients.types';
import { CurrentClient } from '../../auth/clients/current-client.decorator';
import { ChallengeResponse } from '../../otp/challenge-response.types';
import { actOf } from '../admin-caller';
import { PAGE_DEFAULT } from '../admin-list.request';
import { AdminController } from '../admin-route.decorator';
import { FindDeletedUsersRequest, FindUsersRequest, OperatorActQuery, OperatorActRequest } from './admin-users.request';
import {
  AdminDeletedUserListResponse,
  AdminUserListResponse,
  AdminUserResponse,
  AdminUserSessionListResponse,
} from './admin-users.response';

@AdminController('users')
export class AdminUsersController {
  constructor(
    private readonly search: AccountsSearch,
    private readonly accounts: AccountsManagement,
    private readonly resets: OperatorReset,
  ) {}

  /** Finds accounts by one of phone, e-mail address and id. Without any of these it lists all accounts, in the order of their ids. */
  @Get()
  @ApiOkResponse({ type: AdminUserListResponse })
  async find(@Query() query: FindUsersRequest): Promise<AdminUserListResponse> {
    const { phone, email, id, cursor = '', limit = PAGE_DEFAULT } = query;
    const found = await this.search.page({ phone, email, id }, cursor, limit + 1);
    const items = found.slice(0, limit).map((record) => AdminUserResponse.from(record));
    return { items, nextCursor: found.length > limit ? (items.at(-1)?.id ?? null) : null };
  }

  /** Accounts that had this number when they were deleted, newest first, for 30 days. The audit log has the rest under their ids. */
  @Get('deleted')
  @ApiOkResponse({ type: AdminDeletedUserListResponse })
  async deleted(@Query() { phone }: FindDeletedUsersRequest): Promise<AdminDeletedUserListResponse> {
    return AdminDeletedUserListResponse.from(await this.search.deleted(phone));
  }

  /** One account. */
  @Get(':id')
  @ApiOkResponse({ type: AdminUserResponse })
  async show(@Param('id') id: string): Promise<AdminUserResponse> {
    return AdminUserResponse.from(await this.search.show(id));
  }

  /** Shuts an account. Sessions, codes and everything else that was made before are ended. Nobody can sign in until the account is enabled. */
  @Post(':id/disable')
  @HttpCode(200)
  @ApiOkResponse({ type: AdminUserResponse })
  async disable(
    @CurrentClient() caller: ApiClient,
    @Param('id') id: string,
    @Body() body: OperatorActRequest,
  ): Promise<AdminUserResponse> {
    return AdminUserResponse.from(await this.accounts.disable(id, actOf(caller, body)));
  }

  /** Opens an account again. What disabling ended stays ended. */
  @Post(':id/enable')
  @HttpCode(200)
  @ApiOkResponse({ type: AdminUserResponse })
  async enable(
    @CurrentClient() caller: ApiClient,
    @Param('id') id: string,
    @Body() body: OperatorActRequest,
  ): Promise<AdminUserResponse> {
    return AdminUserResponse.from(await this.accounts.enable(id, actOf(caller, body)));
  }

  /** Demands another password. Nobody can sign in with this one until the person has replaced it, and sessions end. */
  @Post(':id/must-change')
  @HttpCode(200)
  @ApiOkResponse({ type: AdminUserResponse })
  async mustChange(
    @CurrentClient() caller: ApiClient,
    @Param('id') id: string,
    @Body() body: OperatorActRequest,
  ): Promise<AdminUserResponse> {
    return AdminUserResponse.from(await this.accounts.demandPasswordChange(id, actOf(caller, body)));
  }

  /** The account takes codes again after a hundred wrong ones in a row. Sessions and codes end. The operator should make sure who asks for it. */
  @Post(':id/reopen-second-factor')
  @HttpCode(200)
  @ApiOkResponse({ type: AdminUserResponse })
  async reopenSecondFactor(
    @CurrentClient() caller: ApiClient,
    @Param('id') id: string,
    @Body() body: OperatorActRequest,
  ): Promise<AdminUserResponse> {
    return AdminUserResponse.from(await this.accounts.reopenSecondFactor(id, actOf(caller, body)));
  }

  /** Sends the person a code for a new password. The challenge is for their app; only they get the code. */
  @Post(':id/start-reset')
  @HttpCode(202)
  @ApiAcceptedResponse({ type: ChallengeResponse })
  startReset(
    @CurrentClient() caller: ApiClient,
    @Param('id') id: string,
    @Body() body: OperatorActRequest,
  ): Promise<ChallengeResponse> {
    return this.resets.start(id, actOf(caller, body));
  }

  /** The sessions that have not ended, the last used first. */
  @Get(':id/sessions')
  @ApiOkResponse({ type: AdminUserSessionListResponse })
  async sessions(@Param('id') id: string): Promise<AdminUserSessionListResponse> {
    return AdminUserSessionListResponse.from(await this.search.sessions(id));
  }

  /** Ends all sessions of the account, and all challenges that wait for a code. */
  @Delete(':id/sessions')
  @HttpCode(204)
  @ApiNoContentResponse()
  async endSessions(
    @CurrentClient() caller: ApiClient,
    @Param('id') id: string,
    @Query() query: OperatorActQuery,
  ): Promise<void> {
    await this.accounts.endSessions(id, actOf(caller, query));
  }
}
