// A lost phone: the move of an account to another number. The rules are those of PhoneRebinds; this says who asks.
import { Body, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse } from '@nestjs/swagger';
import type { ApiClient } from '../../auth/clients/clients.types';
import { CurrentClient } from '../../auth/clients/current-client.decorator';
import { PhoneRebinds } from '../../auth/phone-rebind/phone-rebinds.service';
import { actOf } from '../admin-caller';
import { AdminController } from '../admin-route.decorator';
import { AdminBegunRebindResponse, AdminRebindResponse } from './admin-rebinds.response';
import { ApproveRebindRequest, OperatorActRequest, RebindPhoneRequest } from './admin-users.request';

@AdminController('users/:id/rebind-phone')
export class AdminRebindsController {
  constructor(private readonly rebinds: PhoneRebinds) {}

  /** Sessions end, the old number is told, the new one gets a code; 24 h after it was entered the account moves, unless somebody signs in before. */
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

  /** By another operator than the one who began it, who says to which number: what is shown has its last digits only, and may change meanwhile. */
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

  /** The newest, ended or not. */
  @Get()
  @ApiOkResponse({ type: AdminRebindResponse })
  async show(@Param('id') id: string): Promise<AdminRebindResponse> {
    return AdminRebindResponse.from(await this.rebinds.show(id));
  }

  @Delete()
  @HttpCode(204)
  @ApiNoContentResponse()
  cancel(
    @CurrentClient() caller: ApiClient,
    @Param('id') id: string,
    @Query() query: OperatorActRequest,
  ): Promise<void> {
    return this.rebinds.cancel(id, actOf(caller, query));
  }
}
