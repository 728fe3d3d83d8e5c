import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsISO8601, IsOptional, IsUUID, Matches, MaxLength } from 'class-validator';
import { AdminListRequest } from '../admin-list.request';

const statuses = ['queued', 'sent', 'failed', 'delivered'] as const;

export class SmsPeriodRequest {
  @ApiPropertyOptional({ format: 'date-time', description: 'Included; 7 days before `to` when absent' })
  @IsOptional()
  @IsISO8601({ strict: true })
  @MaxLength(35)
  from?: string;

  @ApiPropertyOptional({
    format: 'date-time',
    description: 'Not included; now when absent. At most 90 days after `from`',
  })
  @IsOptional()
  @IsISO8601({ strict: true })
  @MaxLength(35)
  to?: string;
}

export class SmsDeliveriesRequest extends AdminListRequest {
  @ApiPropertyOptional({ example: 'telnyx' })
  @IsOptional()
  @Matches(/^[a-z0-9-]{1,64}$/)
  provider?: string;

  @ApiPropertyOptional({ example: 'GB', description: 'ISO 3166' })
  @IsOptional()
  @Matches(/^[A-Z0-9]{2,3}$/)
  country?: string;

  @ApiPropertyOptional({ enum: statuses })
  @IsOptional()
  @IsIn(statuses)
  status?: (typeof statuses)[number];

  @ApiPropertyOptional({ format: 'uuid', description: 'Of this challenge: ref in the audit log' })
  @IsOptional()
  @IsUUID()
  reference?: string;
}
