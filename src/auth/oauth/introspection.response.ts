import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

/** RFC 7662 section 2.2. Nothing but `active` is told of a token that is not; of an access token all its claims, those added by the operator too. */
export class IntrospectionResponse {
  @ApiProperty()
  active!: boolean;

  @ApiPropertyOptional({ enum: ['Bearer'], description: 'Of access tokens only' })
  token_type?: 'Bearer';

  @ApiPropertyOptional()
  iss?: string;

  @ApiPropertyOptional({ format: 'uuid' })
  sub?: string;

  @ApiPropertyOptional({
    oneOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }],
    description: 'Of access tokens only: whom it is for. Compare it with yourself.',
  })
  aud?: string | readonly string[];

  @ApiPropertyOptional()
  client_id?: string;

  @ApiPropertyOptional({ description: 'Of access tokens only' })
  jti?: string;

  @ApiPropertyOptional({ format: 'uuid' })
  sid?: string;

  @ApiPropertyOptional({ type: 'integer' })
  iat?: number;

  @ApiPropertyOptional({ type: 'integer', description: 'Of a refresh token: when its session ends by itself' })
  exp?: number;

  @ApiPropertyOptional({ type: 'integer' })
  auth_time?: number;

  @ApiPropertyOptional({ type: [String] })
  amr?: readonly string[];

  @ApiPropertyOptional({ enum: ['aal1', 'aal2'] })
  acr?: string;

  @ApiPropertyOptional({ description: 'Of access tokens only' })
  phone_number_verified?: boolean;
}
