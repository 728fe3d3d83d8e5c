import { ApiProperty } from '@nestjs/swagger';

class TrustedDeviceResponse {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  @ApiProperty({ nullable: true, type: String, description: 'As the client named itself at the sign-in' })
  deviceName!: string | null;

  @ApiProperty({ nullable: true, type: String, description: 'Of the last use' })
  userAgent!: string | null;

  @ApiProperty({ nullable: true, type: String, description: 'Of the last use' })
  address!: string | null;

  @ApiProperty({ format: 'date-time' })
  createdAt!: string;

  @ApiProperty({ format: 'date-time', description: 'Newest sign-in without a code' })
  lastUsedAt!: string;

  @ApiProperty({ format: 'date-time', description: 'Use does not extend it' })
  expiresAt!: string;
}

export class TrustedDeviceListResponse {
  @ApiProperty({ type: [TrustedDeviceResponse] })
  items!: TrustedDeviceResponse[];

  @ApiProperty({ nullable: true, type: String })
  nextCursor!: string | null;
}
