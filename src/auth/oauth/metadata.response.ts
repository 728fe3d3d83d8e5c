import { ApiProperty } from '@nestjs/swagger';

/** RFC 8414 section 2, in its own names. What is not listed is not supported: there is no authorization and no token endpoint. */
export class MetadataResponse {
  @ApiProperty({ format: 'uri', description: 'The claim iss of our tokens' })
  issuer!: string;

  @ApiProperty({ format: 'uri' })
  jwks_uri!: string;

  @ApiProperty({ type: [String], description: 'Always empty: people sign in at our own routes' })
  response_types_supported!: string[];

  @ApiProperty({
    type: [String],
    description: 'Always empty, which is said because leaving it out would mean two grants',
  })
  grant_types_supported!: string[];
}
