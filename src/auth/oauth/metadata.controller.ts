// Our issuer and where our keys are, for a resource server that knows only the issuer (RFC 8414).
import { Controller, Get, Header } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { AppError } from '../../platform/errors/app-error';
import { platformErrors } from '../../platform/errors/platform.errors';
import { metadataPathOf } from '../../platform/request/issuer-url.algorithm';
import { Public } from '../../platform/request/public.decorator';
import { Unthrottled } from '../../throttling/throttled.decorator';
import { Issuer } from '../tokens/issuer.service';
import { MetadataResponse } from './metadata.response';

@ApiTags('well-known')
@Controller('.well-known')
export class MetadataController {
  constructor(private readonly issuer: Issuer) {}

  /**
   * Where tokens are verified, introspected and revoked (RFC 8414). For an issuer with a path, the same document at this path followed by the
   * issuer's. 404 when JWT_ISSUER is no URL.
   */
  @Public()
  @Unthrottled()
  @Get('oauth-authorization-server')
  @Header('Cache-Control', 'public, max-age=300')
  @ApiOkResponse({ type: MetadataResponse })
  metadata(): MetadataResponse {
    const { identifier, origin } = this.issuer;
    if (metadataPathOf(identifier) === undefined)
      throw new AppError(platformErrors.not_found, { reason: 'JWT_ISSUER is no URL' });
    return {
      issuer: identifier,
      jwks_uri: `${origin}/.well-known/jwks.json`,
      introspection_endpoint: `${origin}/v1/oauth/introspect`,
      introspection_endpoint_auth_methods_supported: ['client_secret_basic'],
      revocation_endpoint: `${origin}/v1/oauth/revoke`,
      revocation_endpoint_auth_methods_supported: ['client_secret_basic'],
      response_types_supported: [],
      grant_types_supported: [],
    };
  }
}
