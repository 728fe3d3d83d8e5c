// Routes by which operators move an account to another number, for somebody who has lost their phone. PhoneRebinds has the rules. This
// controller only adds who asks.
import { Body, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse } from '@nestjs/swagger';
import type { ApiClient } from '../../auth/clients/clients.types';
import { CurrentClient } from '../../auth/clients/current-client.decorator';
import { PhoneRebinds } from '../../auth/phone-rebind/phone-rebinds.service';
import { actOf } from '../admin-caller';
import { AdminController } from '../admin-route.decorator';
import { AdminBegunRebindResponse, AdminRebindResponse } from './admin-rebinds.response';
import { ApproveRebindRequest, OperatorActQuery, RebindPhoneRequest } from './admin-users.request';

@AdminController('users/:id/rebind-phone')
export class AdminRebindsController {
  constructor(private readonly rebinds: PhoneRebinds) {}

  /**
   * Begins a rebind, a move to another number: sessions end, the old number is told, and the new number gets a code; with
   * PHONE_REBIND_OPERATORS=2 only once another operator has approved it. PHONE_REBIND_WAIT_HOURS after the code was entered the account moves,
   * unless somebody signs in to it before.
   */
  @Post()
  @HttpCode(200)
  @ApiOkResponse({ type: AdminBegunRebindResponse })
  async begin(
    @CurrentClient() caller: ApiClient,
    @Param('id') id: string,
    @Body() body: RebindPhoneRequest,
  ): Promise<AdminBegunRebindResponse> {
    return AdminBegunRebindResponse.of(await this.rebinds.begin(id, body.phone, actOf(caller, body)));
  }

  /**
   * Approves a rebind, with PHONE_REBIND_OPERATORS=2. It must be another operator than the one who began it. The operator may name the number
   * that they agree to, because what is shown to them has only its last digits, and the rebind may be to another number by now.
   */
  @Post('approve')
  @HttpCode(200)
  @ApiOkResponse({ type: AdminBegunRebindResponse })
  async approve(
    @CurrentClient() caller: ApiClient,
    @Param('id') id: string,
    @Body() body: ApproveRebindRequest,
  ): Promise<AdminBegunRebindResponse> {
    return AdminBegunRebindResponse.of(await this.rebinds.approve(id, body.phone ?? null, actOf(caller, body)));
  }

  /** The newest rebind of the account, ended or not. */
  @Get()
  @ApiOkResponse({ type: AdminRebindResponse })
  async show(@Param('id') id: string): Promise<AdminRebindResponse> {
    return AdminRebindResponse.from(await this.rebinds.show(id));
  }

  /** Calls a rebind off. The account keeps its number. */
  @Delete()
  @HttpCode(204)
  @ApiNoContentResponse()
  cancel(@CurrentClient() caller: ApiClient, @Param('id') id: string, @Query() query: OperatorActQuery): Promise<void> {
    return this.rebinds.cancel(id, actOf(caller, query));
  }
}
