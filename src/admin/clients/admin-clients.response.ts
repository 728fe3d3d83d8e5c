// What operators see of a client app. The secret is shown only in the answer to the request that makes it.
import { ApiProperty } from '@nestjs/swagger';
import type { ApiClientRecord } from '../../auth/clients/clients.types';

export class AdminClientResponse {
  @ApiProperty({ example: 'shop-web' })
  clientId!: string;

  @ApiProperty()
  name!: string;

  @ApiProperty()
  audience!: string;

  @ApiProperty({ type: 'integer', nullable: true, description: 'null: ACCESS_TOKEN_TTL_SECONDS of the server' })
  accessTokenTtlSeconds!: number | null;

  @ApiProperty({ type: [String] })
  allowedOrigins!: string[];

  @ApiProperty({ type: [String] })
  redirectUris!: string[];

  @ApiProperty({ type: [String] })
  scopes!: string[];

  @ApiProperty({ format: 'date-time' })
  createdAt!: string;

  @ApiProperty({ format: 'date-time' })
  updatedAt!: string;

  @ApiProperty({ format: 'date-time', description: 'When its secret was made' })
  secretCreatedAt!: string;

  @ApiProperty({ format: 'date-time', nullable: true, type: String })
  disabledAt!: string | null;

  static from(record: ApiClientRecord): AdminClientResponse {
    const { clientId, name, audience, accessTokenTtlSeconds, allowedOrigins, redirectUris, scopes } = record;
    return {
      clientId,
      name,
      audience,
      accessTokenTtlSeconds,
      allowedOrigins: [...allowedOrigins],
      redirectUris: [...redirectUris],
      scopes: [...scopes],
      createdAt: record.createdAt.toISOString(),
      updatedAt: record.updatedAt.toISOString(),
      secretCreatedAt: record.secretCreatedAt.toISOString(),
      disabledAt: record.disabledAt?.toISOString() ?? null,
    };
  }
}

export class AdminClientSecretResponse extends AdminClientResponse {
  @ApiProperty({ example: 'ak_…', description: 'Shown only this once; we keep only its digest' })
  secret!: string;
}

export class AdminClientListResponse {
  @ApiProperty({ type: [AdminClientResponse] })
  items!: AdminClientResponse[];

  @ApiProperty({ nullable: true, type: String })
  nextCursor!: string | null;
}
