// Routes for invitations. Invites has the rules and the audit rows, and the command line uses it too. This controller only adds who asks.
import { Body, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse } from '@nestjs/swagger';
import type { ApiClient } from '../../auth/clients/clients.types';
import { CurrentClient } from '../../auth/clients/current-client.decorator';
import { Invites } from '../../auth/invites/invites.service';
import { nameOf } from '../admin-caller';
import { AdminListRequest, PAGE_DEFAULT } from '../admin-list.request';
import { AdminController } from '../admin-route.decorator';
import { CreateInviteRequest } from './admin-invites.request';
import { AdminInviteListResponse, AdminInviteResponse, AdminInviteTokenResponse } from './admin-invites.response';

@AdminController('invites')
export class AdminInvitesController {
  constructor(private readonly invites: Invites) {}

  /** Invitations, newest first. */
  @Get()
  @ApiOkResponse({ type: AdminInviteListResponse })
  async list(@Query() { cursor = '', limit = PAGE_DEFAULT }: AdminListRequest): Promise<AdminInviteListResponse> {
    const { invites, nextCursor } = await this.invites.page(cursor, limit);
    return { items: invites.map((invite) => AdminInviteResponse.from(invite)), nextCursor };
  }

  /** Makes an invitation to register. Its token is told this once. */
  @Post()
  @ApiCreatedResponse({ type: AdminInviteTokenResponse })
  async create(
    @CurrentClient() caller: ApiClient,
    @Body() { uses, days, phone, note }: CreateInviteRequest,
  ): Promise<AdminInviteTokenResponse> {
    const { invite, token } = await this.invites.create({ uses, days, phone, note }, nameOf(caller));
    return { ...AdminInviteResponse.from(invite), inviteToken: token.reveal() };
  }

  /** Ends the invitation for good. Accounts that were made with it stay. */
  @Delete(':id')
  @HttpCode(204)
  @ApiNoContentResponse()
  revoke(@CurrentClient() caller: ApiClient, @Param('id') id: string): Promise<void> {
    return this.invites.revoke(id, nameOf(caller));
  }
}
