import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, IsUUID, Matches } from 'class-validator';
import { AdminListRequest } from '../admin-list.request';
import { QueryInstant } from '../query-instant';

const event = /^[a-z_]{1,64}$/;

/** Which entries of the audit log are wanted. A field that is absent does not filter. */
export class AuditListRequest extends AdminListRequest {
  @ApiPropertyOptional({ example: 'authn_token_reuse', pattern: event.source, description: 'Only events of this type' })
  @IsOptional()
  @Matches(event)
  type?: string;

  @ApiPropertyOptional({ format: 'uuid', description: 'Only events about this person' })
  @IsOptional()
  @IsUUID()
  userId?: string;

  @QueryInstant('Included')
  from?: string;

  @QueryInstant('Not included')
  to?: string;
}
