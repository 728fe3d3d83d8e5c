import { ApiProperty } from '@nestjs/swagger';

/** RFC 8414 section 2, in its own names. What is not listed is not supported: there is no authorization and no token endpoint. */
export class MetadataResponse {
  @ApiProperty({ format: 'uri', description: 'The claim iss of our tokens' })
  issuer!: string;

  @ApiProperty({ format: 'uri' })
  jwks_uri!: string;

  @ApiProperty({ format: 'uri', description: 'RFC 7662' })
  introspection_endpoint!: string;

  @ApiProperty({ type: [String], example: ['client_secret_basic'] })
  introspection_endpoint_auth_methods_supported!: string[];

  @ApiProperty({ format: 'uri', description: 'RFC 7009' })
  revocation_endpoint!: string;

  @ApiProperty({ type: [String], example: ['client_secret_basic'] })
  revocation_endpoint_auth_methods_supported!: string[];

  @ApiProperty({ type: [String], description: 'Always empty: people sign in at our own routes' })
  response_types_supported!: string[];

  @ApiProperty({
    type: [String],
    description: 'Always empty, which is said because leaving it out would mean two grants',
  })
  grant_types_supported!: string[];
}
