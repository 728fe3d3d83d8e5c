// The answer of GET /v1/admin/audit: entries of the audit log, as audit-entry.types.ts describes them.
import { ApiProperty } from '@nestjs/swagger';
import type { AuditEntry } from '../../audit/audit-entry.types';

export class AuditEntryResponse {
  @ApiProperty({ example: '4711', description: 'Decimal digits, which grow in the order of writing' })
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

  @ApiProperty({
    format: 'uuid',
    nullable: true,
    type: String,
    description:
      'Id of what the event is about, such as a challenge, notice, trusted device, client app, invitation or import',
  })
  ref!: string | null;

  @ApiProperty({ nullable: true, type: String })
  requestId!: string | null;

  @ApiProperty({ nullable: true, type: String, description: 'Address of the client; after 90 days only its network' })
  address!: string | null;

  @ApiProperty({ nullable: true, type: String, description: 'A digest that tells browsers apart' })
  userAgentHash!: string | null;

  @ApiProperty({
    nullable: true,
    type: [String],
    example: ['pwd', 'sms', 'mfa'],
    description: 'The methods that proved the person',
  })
  amr!: readonly string[] | null;

  @ApiProperty({
    nullable: true,
    type: String,
    description: 'Keyed digest of the number that a challenge was for; kept for 30 days',
  })
  phoneHmac!: string | null;

  @ApiProperty({
    nullable: true,
    type: String,
    example: '23',
    description: 'The last two digits of that number; kept for 30 days',
  })
  phoneTail!: string | null;

  @ApiProperty({ nullable: true, type: String })
  reason!: string | null;

  @ApiProperty({ nullable: true, type: Object, description: 'Further facts, such as who did it (`by`)' })
  meta!: Readonly<Record<string, unknown>> | null;

  static from(entry: AuditEntry): AuditEntryResponse {
    const { at, event: type, ...rest } = entry;
    const { id, outcome, userId, sessionId, ref, requestId, address, reason, meta } = rest;
    const { userAgentHash, amr, phoneHmac, phoneTail } = rest;
    const circumstances = { address, userAgentHash, amr, phoneHmac, phoneTail, reason, meta };
    return { id, at: at.toISOString(), type, outcome, userId, sessionId, ref, requestId, ...circumstances };
  }
}

export class AuditListResponse {
  @ApiProperty({ type: [AuditEntryResponse] })
  items!: AuditEntryResponse[];

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'May be there even if the page is not full, or empty: more may lie behind many other events',
  })
  nextCursor!: string | null;
}
