// The shapes of requests about accounts. src/auth/accounts says what an audit row may contain, for the command line as well.
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, IsString, MaxLength } from 'class-validator';
import { AdminListRequest } from '../admin-list.request';

const TEXT_MAX = 500;
const SOUGHT_MAX = 256;

/** At most one of phone, email and id. Without any, all accounts are listed. */
export class FindUsersRequest extends AdminListRequest {
  @ApiPropertyOptional({ example: '+12025550123', description: 'As a person would type it' })
  @IsOptional()
  @IsString()
  @MaxLength(SOUGHT_MAX)
  phone?: string;

  @ApiPropertyOptional({ example: 'ada@example.com', description: 'Verified or not' })
  @IsOptional()
  @IsString()
  @MaxLength(SOUGHT_MAX)
  email?: string;

  @ApiPropertyOptional({ format: 'uuid' })
  @IsOptional()
  @IsString()
  @MaxLength(SOUGHT_MAX)
  id?: string;
}

export class FindDeletedUsersRequest {
  @ApiProperty({ example: '+12025550123', description: 'As a person would type it' })
  @IsString()
  @MaxLength(SOUGHT_MAX)
  phone!: string;
}

export class OperatorActRequest {
  @ApiPropertyOptional({
    type: 'string',
    nullable: true,
    maxLength: TEXT_MAX,
    description: 'The reason, for the audit log; one line',
  })
  @IsOptional()
  @IsString()
  @MaxLength(TEXT_MAX)
  reason?: string | null;

  @ApiPropertyOptional({
    type: 'string',
    nullable: true,
    maxLength: 100,
    description: 'The person behind a shared key, for the audit log; proves nothing',
  })
  @IsOptional()
  @IsString()
  @MaxLength(TEXT_MAX)
  operator?: string | null;
}

export class ApproveRebindRequest extends OperatorActRequest {
  @ApiPropertyOptional({
    type: 'string',
    nullable: true,
    example: '+12025550123',
    description: 'The number that the operator agrees to: 409 when the rebind is to another number by now',
  })
  @IsOptional()
  @IsString()
  phone?: string | null;
}

export class RebindPhoneRequest extends OperatorActRequest {
  @ApiProperty({ example: '+12025550123', description: 'International form; spaces and -.() are ignored' })
  @IsString()
  phone!: string;
}
