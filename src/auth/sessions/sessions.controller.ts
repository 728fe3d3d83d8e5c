import { Body, Controller, Delete, Get, HttpCode, Param, Post, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiNoContentResponse, ApiOkResponse, ApiSecurity, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { Actor } from '../../platform/request/actor';
import { Browser, type BrowserFacts } from '../../platform/request/browser.decorator';
import { CurrentActor } from '../../platform/request/current-actor.decorator';
import { Public } from '../../platform/request/public.decorator';
import { StepUp } from '../../platform/request/step-up.decorator';
import { EmptyRequest } from '../../platform/request/empty.request';
import { FORGET, RefreshCarrier } from './refresh-carrier.service';
import { LogoutRequest } from './sessions.request';
import { SessionListResponse } from './sessions.response';
import { SessionsService } from './sessions.service';

const bearer = /^Bearer +(\S+) *$/i;

@ApiTags('auth')
@Controller('v1/auth')
export class SessionsController {
  constructor(
    private readonly sessions: SessionsService,
    private readonly carrier: RefreshCarrier,
  ) {}

  /**
   * Ends the session of the refresh token, of the access token, or of both; either may have expired. In cookie mode the body is
   * empty, and the browser forgets the cookie and what pages of this origin have stored.
   */
  @Post('logout')
  @Public()
  @ApiSecurity({})
  @ApiBearerAuth()
  @HttpCode(204)
  @ApiNoContentResponse()
  async logout(
    @Body() { refreshToken }: LogoutRequest,
    @Browser() browser: BrowserFacts,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    const presented = await this.carrier.find(refreshToken ?? undefined, browser);
    await this.sessions.logout(presented, bearer.exec(reply.request.headers.authorization ?? '')?.[1]);
    if (presented?.carrier === 'cookie') void reply.headers(FORGET);
  }

  /** Ends every session of the person, this one included. */
  @Post('logout-all')
  @ApiBearerAuth()
  @HttpCode(204)
  @ApiNoContentResponse()
  logoutAll(@CurrentActor() actor: Actor, @Body() _body: EmptyRequest): Promise<void> {
    return this.sessions.logoutEverywhere(actor);
  }

  /** The sessions of the person that have not ended. */
  @Get('sessions')
  @ApiBearerAuth()
  @ApiOkResponse({ type: SessionListResponse })
  async list(@CurrentActor() actor: Actor): Promise<SessionListResponse> {
    const rows = await this.sessions.list(actor);
    const items = rows.map(({ id, deviceName, userAgent, address, createdAt, lastUsedAt, endsAt }) => ({
      id,
      current: id === actor.sessionId,
      deviceName,
      userAgent,
      address,
      createdAt: createdAt.toISOString(),
      lastUsedAt: lastUsedAt.toISOString(),
      expiresAt: endsAt.toISOString(),
    }));
    return { items, nextCursor: null };
  }

  /** Ends every session of the person but the one that asks. Sign-ins that wait for a code end too. Needs a fresh sign-in or step-up. */
  @Delete('sessions')
  @StepUp('ending')
  @ApiBearerAuth()
  @HttpCode(204)
  @ApiNoContentResponse()
  endOthers(@CurrentActor() actor: Actor): Promise<void> {
    return this.sessions.logoutOthers(actor);
  }

  /** Ends one session. Needs a fresh sign-in or step-up. */
  @Delete('sessions/:id')
  @StepUp('ending')
  @ApiBearerAuth()
  @HttpCode(204)
  @ApiNoContentResponse()
  end(@CurrentActor() actor: Actor, @Param('id') id: string): Promise<void> {
    return this.sessions.end(id, actor);
  }
}
