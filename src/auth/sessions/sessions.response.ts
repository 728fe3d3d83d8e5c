import { ApiProperty } from '@nestjs/swagger';

class SessionResponse {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  @ApiProperty({ description: 'Whether it is the one that asks' })
  current!: boolean;

  @ApiProperty({ nullable: true, type: String, description: 'As the client named itself at sign-in' })
  deviceName!: string | null;

  @ApiProperty({ nullable: true, type: String, description: 'Of the last use' })
  userAgent!: string | null;

  @ApiProperty({ nullable: true, type: String, description: 'Of the last use' })
  address!: string | null;

  @ApiProperty({ format: 'date-time' })
  createdAt!: string;

  @ApiProperty({ format: 'date-time', description: 'Sign-in or newest refresh' })
  lastUsedAt!: string;

  @ApiProperty({ format: 'date-time', description: 'When it ends without a further refresh' })
  expiresAt!: string;
}

export class SessionListResponse {
  @ApiProperty({ type: [SessionResponse] })
  items!: SessionResponse[];

  @ApiProperty({ nullable: true, type: String })
  nextCursor!: string | null;
}
