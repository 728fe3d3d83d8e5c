import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsISO8601, IsOptional, IsUUID, Matches, MaxLength } from 'class-validator';
import { AdminListRequest } from '../admin-list.request';

export class AuditListRequest extends AdminListRequest {
  @ApiPropertyOptional({ example: 'authn_token_reuse', description: 'Of this type only' })
  @IsOptional()
  @Matches(/^[a-z_]{1,64}$/)
  type?: string;

  @ApiPropertyOptional({ format: 'uuid', description: 'About this person only' })
  @IsOptional()
  @IsUUID()
  userId?: string;

  @ApiPropertyOptional({ format: 'date-time', description: 'Included' })
  @IsOptional()
  @IsISO8601({ strict: true })
  @MaxLength(35)
  from?: string;

  @ApiPropertyOptional({ format: 'date-time', description: 'Not included' })
  @IsOptional()
  @IsISO8601({ strict: true })
  @MaxLength(35)
  to?: string;
}
