// The public keys, for those who check our access tokens without asking us.
import { Controller, Get, Header } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Public } from '../../platform/request/public.decorator';
import { Unthrottled } from '../../throttling/throttled.decorator';
import { JWKS_MAX_AGE_SECONDS } from './key-rotation.policy';
import { JwksResponse } from './jwks.response';
import { SigningKeysService } from './signing-keys.service';

@ApiTags('well-known')
@Controller('.well-known')
export class JwksController {
  constructor(private readonly keys: SigningKeysService) {}

  // A next key is published for longer than this before it signs, so no cache lacks a key that signs.
  /** The public keys that verify access tokens (RFC 7517). */
  @Public()
  @Unthrottled()
  @Get('jwks.json')
  @Header('Cache-Control', `public, max-age=${JWKS_MAX_AGE_SECONDS}`)
  @ApiOkResponse({ type: JwksResponse })
  async jwks(): Promise<JwksResponse> {
    return JwksResponse.from(await this.keys.published());
  }
}
