// The shapes of requests about accounts. src/auth/accounts says what an audit row may contain, for the command line as well.
import { applyDecorators } from '@nestjs/common';
import { ApiProperty, ApiPropertyOptional, type ApiPropertyOptions } from '@nestjs/swagger';
import { IsOptional, IsString, MaxLength } from 'class-validator';
import { AdminListRequest } from '../admin-list.request';

const TEXT_MAX = 500;
const SOUGHT_MAX = 256;

/** At most one of phone, email and id. Without any, all accounts are listed. */
export class FindUsersRequest extends AdminListRequest {
  @ApiPropertyOptional({
    example: '+12025550123',
    maxLength: SOUGHT_MAX,
    description: 'International form; spaces and -.() are ignored',
  })
  @IsOptional()
  @IsString()
  @MaxLength(SOUGHT_MAX)
  phone?: string;

  @ApiPropertyOptional({ example: 'ada@example.com', maxLength: SOUGHT_MAX, description: 'Verified or not' })
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
  @ApiProperty({ example: '+12025550123', description: 'International form; spaces and -.() are ignored' })
  @IsString()
  @MaxLength(SOUGHT_MAX)
  phone!: string;
}

/** A line of an operator's for the audit log. @param schema what its description has */
function AuditLine(schema: ApiPropertyOptions): PropertyDecorator {
  return applyDecorators(ApiProperty(schema), IsOptional(), IsString(), MaxLength(TEXT_MAX));
}

const reason = { type: 'string', maxLength: TEXT_MAX, description: 'The reason, for the audit log; one line' } as const;
const operator = {
  type: 'string',
  maxLength: 100,
  description: 'The person behind a shared key, for the audit log; one line. Proves nothing',
} as const;
const orNull = { required: false, nullable: true } as const;

/** In the query of a DELETE. */
export class OperatorActQuery {
  @AuditLine({ ...reason, required: false })
  reason?: string;

  @AuditLine({ ...operator, required: false })
  operator?: string;
}

export class OperatorActRequest {
  @AuditLine({ ...reason, ...orNull })
  reason?: string | null;

  @AuditLine({ ...operator, ...orNull })
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

export class RebindPhoneRequest {
  /** The service refuses a rebind without a reason, for the command line as well. */
  @AuditLine(reason)
  reason?: string | null;

  @AuditLine({ ...operator, ...orNull })
  operator?: string | null;

  @ApiProperty({ example: '+12025550123', description: 'International form; spaces and -.() are ignored' })
  @IsString()
  phone!: string;
}
