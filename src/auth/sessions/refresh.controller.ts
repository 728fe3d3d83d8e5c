import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Public } from '../../platform/request/public.decorator';
import { TokensResponse } from '../tokens/tokens.response';
import { RefreshService } from './refresh.service';
import { RefreshRequest } from './sessions.request';

@ApiTags('auth')
@Controller('v1/auth/token')
@Public()
export class RefreshController {
  constructor(private readonly refreshes: RefreshService) {}

  /** New tokens for the newest refresh token of a session; the same ones again for 10 s, after that the session ends. */
  @Post('refresh')
  @HttpCode(200)
  @ApiOkResponse({ type: TokensResponse })
  refresh(@Body() { refreshToken }: RefreshRequest): Promise<TokensResponse> {
    return this.refreshes.refresh(refreshToken);
  }
}
