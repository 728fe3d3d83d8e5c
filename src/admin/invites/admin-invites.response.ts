// What operators see of an invitation. The token is shown only in the answer to the request that makes it, and the number is masked.
import { ApiProperty } from '@nestjs/swagger';
import type { InviteRecord } from '../../auth/invites/invites.types';
import { maskPhone } from '../../platform/phone/phone-number';

export class AdminInviteResponse {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  @ApiProperty({ type: String, nullable: true })
  note!: string | null;

  @ApiProperty({ type: String, nullable: true, example: '+1******0123' })
  phone!: string | null;

  @ApiProperty({ type: 'integer' })
  usesMax!: number;

  @ApiProperty({ type: 'integer', description: 'How many accounts were made with it' })
  uses!: number;

  @ApiProperty({ example: 'cli:ops' })
  createdBy!: string;

  @ApiProperty({ format: 'date-time' })
  createdAt!: string;

  @ApiProperty({ format: 'date-time' })
  expiresAt!: string;

  @ApiProperty({ format: 'date-time', nullable: true, type: String })
  revokedAt!: string | null;

  static from({ createdAt, expiresAt, revokedAt, ...invite }: InviteRecord): AdminInviteResponse {
    const { id, note, phone, usesMax, uses, createdBy } = invite;
    return {
      ...{ id, note, phone: phone === null ? null : maskPhone(phone), usesMax, uses, createdBy },
      createdAt: createdAt.toISOString(),
      expiresAt: expiresAt.toISOString(),
      revokedAt: revokedAt?.toISOString() ?? null,
    };
  }
}

export class AdminInviteTokenResponse extends AdminInviteResponse {
  @ApiProperty({ example: 'iv_…', description: 'Shown only this once; we keep only its digest' })
  inviteToken!: string;
}

export class AdminInviteListResponse {
  @ApiProperty({ type: [AdminInviteResponse] })
  items!: AdminInviteResponse[];

  @ApiProperty({ nullable: true, type: String })
  nextCursor!: string | null;
}
