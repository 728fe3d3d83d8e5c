import { Body, Controller, Post, UseGuards } from '@nestjs/common';
import { ApiBody, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { ApiClient } from '../clients/clients.types';
import { CurrentClient } from '../clients/current-client.decorator';
import { IntrospectionResponse } from './introspection.response';
import { IntrospectionService } from './introspection.service';
import { OauthClientGuard } from './oauth-client.guard';
import { OauthRoute } from './oauth-route.decorator';
import { OauthTokenRequest } from './oauth-token.request';
import { RevocationService } from './revocation.service';

type Form = Readonly<Record<string, unknown>>;

@ApiTags('oauth')
@Controller('v1/oauth')
@UseGuards(OauthClientGuard)
export class OauthController {
  constructor(
    private readonly introspections: IntrospectionService,
    private readonly revocations: RevocationService,
  ) {}

  /** What an access token, or a refresh token of the calling client app, is worth now (RFC 7662). */
  @Post('introspect')
  @OauthRoute('introspect')
  @ApiBody({ type: OauthTokenRequest })
  @ApiOkResponse({ type: IntrospectionResponse })
  introspect(@CurrentClient() caller: ApiClient, @Body() form: Form): Promise<IntrospectionResponse> {
    return this.introspections.introspect(OauthTokenRequest.from(form).token, caller);
  }

  /** Ends the session that a token of the calling client app belongs to (RFC 7009). */
  @Post('revoke')
  @OauthRoute('revoke')
  @ApiBody({ type: OauthTokenRequest })
  @ApiOkResponse()
  revoke(@CurrentClient() caller: ApiClient, @Body() form: Form): Promise<void> {
    return this.revocations.revoke(OauthTokenRequest.from(form).token, caller);
  }
}
