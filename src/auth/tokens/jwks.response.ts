import { ApiProperty } from '@nestjs/swagger';
import type { PublishedJwk } from './jwk.algorithm';

class JwkResponse {
  @ApiProperty({ enum: ['EC'] }) readonly kty!: string;
  @ApiProperty({ enum: ['P-256'] }) readonly crv!: string;
  @ApiProperty() readonly x!: string;
  @ApiProperty() readonly y!: string;
  @ApiProperty({ description: 'RFC 7638 thumbprint' }) readonly kid!: string;
  @ApiProperty({ enum: ['ES256'] }) readonly alg!: string;
  @ApiProperty({ enum: ['sig'] }) readonly use!: string;
}

/** RFC 7517 section 5. */
export class JwksResponse {
  @ApiProperty({ type: [JwkResponse] }) readonly keys!: readonly JwkResponse[];

  static from(keys: readonly PublishedJwk[]): JwksResponse {
    return { keys: keys.map(({ kty, crv, x, y, kid, alg, use }) => ({ kty, crv, x, y, kid, alg, use })) };
  }
}
