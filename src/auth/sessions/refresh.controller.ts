import { Body, Controller, HttpCode, Post, Res } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { browserOf } from '../../platform/request/browser.decorator';
import { Public } from '../../platform/request/public.decorator';
import { TokensResponse } from '../tokens/tokens.response';
import { RefreshCarrier } from './refresh-carrier.service';
import { RefreshService } from './refresh.service';
import { RefreshRequest } from './sessions.request';
import { answerWith } from './token-delivery';

@ApiTags('auth')
@Controller('v1/auth/token')
@Public()
export class RefreshController {
  constructor(
    private readonly carrier: RefreshCarrier,
    private readonly refreshes: RefreshService,
  ) {}

  /**
   * New tokens for the newest refresh token of a session. For 10 s the one before gets the same refresh token again, or 409 once that one has
   * been used; later, a used one ends the session. In cookie mode the body is empty, the token comes and goes in the cookie __Host-rt, and no
   * refusal ever takes the cookie away (A36).
   */
  @Post('refresh')
  @HttpCode(200)
  @ApiOkResponse({ type: TokensResponse })
  async refresh(
    @Body() { refreshToken }: RefreshRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TokensResponse> {
    const presented = await this.carrier.demand(refreshToken, browserOf(reply.request));
    return answerWith(reply, await this.refreshes.refresh(presented));
  }
}
