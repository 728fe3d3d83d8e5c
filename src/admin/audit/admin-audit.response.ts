import { ApiProperty } from '@nestjs/swagger';
import type { AuditEntry } from '../../audit/audit-entry.types';

export class AuditEntryResponse {
  @ApiProperty({ example: '4711', description: 'In the order of writing' })
  id!: string;

  @ApiProperty({ format: 'date-time' })
  at!: string;

  @ApiProperty({ example: 'authn_token_reuse' })
  type!: string;

  @ApiProperty({ enum: ['success', 'failure'] })
  outcome!: string;

  @ApiProperty({ format: 'uuid', nullable: true, type: String })
  userId!: string | null;

  @ApiProperty({ format: 'uuid', nullable: true, type: String })
  sessionId!: string | null;

  @ApiProperty({ format: 'uuid', nullable: true, type: String, description: 'The challenge, delivery or client app' })
  ref!: string | null;

  @ApiProperty({ nullable: true, type: String })
  requestId!: string | null;

  @ApiProperty({ nullable: true, type: String, description: 'Its network only, after 90 days' })
  address!: string | null;

  @ApiProperty({ nullable: true, type: String })
  reason!: string | null;

  @ApiProperty({ nullable: true, type: Object, description: 'Facts besides, such as who did it (`by`)' })
  meta!: Readonly<Record<string, unknown>> | null;

  static from(entry: AuditEntry): AuditEntryResponse {
    const { id, at, event: type, outcome, userId, sessionId, ref, requestId, address, reason, meta } = entry;
    return { id, at: at.toISOString(), type, outcome, userId, sessionId, ref, requestId, address, reason, meta };
  }
}

export class AuditListResponse {
  @ApiProperty({ type: [AuditEntryResponse] })
  items!: AuditEntryResponse[];

  @ApiProperty({ type: String, nullable: true })
  nextCursor!: string | null;
}
