import { ApiProperty } from '@nestjs/swagger';
import type { AccountRecord } from '../../auth/accounts/accounts.types';
import type { SessionRow } from '../../auth/sessions/sessions-end.sql';
import type { DeletedAccount } from '../../users/users.types';
import { UserResponse } from '../../users/user-response.types';

/** What operators see of an account. It is an allow-list, and the number is masked for operators too. */
export class AdminUserResponse extends UserResponse {
  @ApiProperty({ enum: ['active', 'disabled'] })
  status!: string;

  @ApiProperty({
    format: 'date-time',
    description: 'When a code was last right; an import and a move to another number set it too',
  })
  lastAuthenticatedAt!: string;

  @ApiProperty({ description: 'The password has to be replaced before the person can sign in' })
  mustChangePassword!: boolean;

  @ApiProperty({ description: 'A hundred passwords in a row were wrong: the password is locked until its reset' })
  passwordLocked!: boolean;

  @ApiProperty({
    description: 'A hundred codes in a row were wrong: the second factor is locked until it is reopened',
  })
  secondFactorLocked!: boolean;

  static override from(record: AccountRecord): AdminUserResponse {
    const { status, mustChangePassword, passwordLocked, secondFactorLocked } = record;
    return {
      ...UserResponse.from(record),
      ...{ status, mustChangePassword, passwordLocked, secondFactorLocked },
      lastAuthenticatedAt: record.lastAuthenticatedAt.toISOString(),
    };
  }
}

export class AdminUserListResponse {
  @ApiProperty({ type: [AdminUserResponse] })
  items!: AdminUserResponse[];

  @ApiProperty({ nullable: true, type: String })
  nextCursor!: string | null;
}

class AdminDeletedUserResponse {
  @ApiProperty({ format: 'uuid' })
  userId!: string;

  @ApiProperty({ format: 'date-time' })
  deletedAt!: string;
}

export class AdminDeletedUserListResponse {
  @ApiProperty({ type: [AdminDeletedUserResponse] })
  items!: AdminDeletedUserResponse[];

  @ApiProperty({ nullable: true, type: String })
  nextCursor!: string | null;

  static from(accounts: readonly DeletedAccount[]): AdminDeletedUserListResponse {
    const items = accounts.map(({ userId, deletedAt }) => ({ userId, deletedAt: deletedAt.toISOString() }));
    return { items, nextCursor: null };
  }
}

class AdminUserSessionResponse {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  @ApiProperty({ nullable: true, type: String, description: 'The name that the app gave at sign-in' })
  deviceName!: string | null;

  @ApiProperty({ nullable: true, type: String })
  userAgent!: string | null;

  @ApiProperty({ nullable: true, type: String })
  address!: string | null;

  @ApiProperty({ format: 'date-time' })
  createdAt!: string;

  @ApiProperty({ format: 'date-time' })
  lastUsedAt!: string;

  @ApiProperty({ format: 'date-time', description: 'When the session ends if it is not refreshed before' })
  expiresAt!: string;
}

export class AdminUserSessionListResponse {
  @ApiProperty({ type: [AdminUserSessionResponse] })
  items!: AdminUserSessionResponse[];

  @ApiProperty({ nullable: true, type: String })
  nextCursor!: string | null;

  static from(rows: readonly SessionRow[]): AdminUserSessionListResponse {
    const items = rows.map(({ id, deviceName, userAgent, address, createdAt, lastUsedAt, endsAt }) => ({
      ...{ id, deviceName, userAgent, address },
      createdAt: createdAt.toISOString(),
      lastUsedAt: lastUsedAt.toISOString(),
      expiresAt: endsAt.toISOString(),
    }));
    return { items, nextCursor: null };
  }
}
