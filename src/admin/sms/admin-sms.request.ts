// The shapes of requests about messages: a period, and filters for the list of deliveries.
import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional, IsUUID, Matches } from 'class-validator';
import { AdminListRequest } from '../admin-list.request';
import { QueryInstant } from '../query-instant';

const vendor = /^[a-z0-9-]{1,64}$/;
const country = /^[A-Z0-9]{2,3}$/;
const statuses = ['queued', 'sent', 'failed', 'delivered'] as const;

export class SmsPeriodRequest {
  @QueryInstant('Included; 7 days before `to` when absent')
  from?: string;

  @QueryInstant('Not included; now when absent. At most 90 days after `from`')
  to?: string;
}

export class SmsDeliveriesRequest extends AdminListRequest {
  @ApiPropertyOptional({ example: 'telnyx', pattern: vendor.source })
  @IsOptional()
  @Matches(vendor)
  provider?: string;

  @ApiPropertyOptional({ example: 'GB', pattern: country.source, description: 'ISO 3166' })
  @IsOptional()
  @Matches(country)
  country?: string;

  @ApiPropertyOptional({ enum: statuses })
  @IsOptional()
  @IsIn(statuses)
  status?: (typeof statuses)[number];

  @ApiPropertyOptional({
    format: 'uuid',
    description: 'Only messages about this challenge or notice; it is ref in the audit log',
  })
  @IsOptional()
  @IsUUID()
  reference?: string;
}
