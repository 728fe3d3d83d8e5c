// What operators see of a delivery and of a provider. Numbers are masked; texts and codes are stored nowhere.
import { ApiProperty } from '@nestjs/swagger';
import type { DeliveryEntry } from '../../sms/deliveries/delivery-log.types';
import type { VendorOverview } from '../../sms/vendor-overview.types';

export class SmsDeliveryResponse {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  @ApiProperty({ description: 'code, notice, or the name of a notice in place of a code, such as locked_notice' })
  source!: string;

  @ApiProperty({ format: 'uuid', description: 'Id of the challenge or notice; it is ref in the audit log' })
  referenceId!: string;

  @ApiProperty({ type: 'integer', description: '1 for the first send, 2 for the first resend' })
  send!: number;

  @ApiProperty({ type: String, nullable: true, description: 'null: no vendor was called' })
  provider!: string | null;

  @ApiProperty({ type: String, nullable: true, description: "The vendor's id of the message" })
  providerId!: string | null;

  @ApiProperty({ example: '+1******0123' })
  destination!: string;

  @ApiProperty({ type: String, nullable: true, example: 'US' })
  country!: string | null;

  @ApiProperty({ enum: ['sms', 'voice'] })
  channel!: string;

  @ApiProperty({ enum: ['queued', 'sent', 'failed', 'delivered'] })
  status!: string;

  @ApiProperty({ type: String, nullable: true })
  failureKind!: string | null;

  @ApiProperty({ type: String, nullable: true, description: "The vendor's own code of the failure" })
  vendorCode!: string | null;

  @ApiProperty({ type: 'integer', nullable: true })
  segments!: number | null;

  @ApiProperty({ type: Boolean, nullable: true, description: 'Whether its code was entered; null while that is open' })
  converted!: boolean | null;

  @ApiProperty({ format: 'date-time' })
  createdAt!: string;

  @ApiProperty({ format: 'date-time' })
  updatedAt!: string;

  static from({ createdAt, updatedAt, ...entry }: DeliveryEntry): SmsDeliveryResponse {
    const { id, source, referenceId, send, provider, providerId, destination, country, channel } = entry;
    const { status, failureKind, vendorCode, segments, converted } = entry;
    return {
      ...{ id, source, referenceId, send, provider, providerId, destination, country, channel },
      ...{ status, failureKind, vendorCode, segments, converted },
      createdAt: createdAt.toISOString(),
      updatedAt: updatedAt.toISOString(),
    };
  }
}

export class SmsDeliveryListResponse {
  @ApiProperty({ type: [SmsDeliveryResponse] })
  items!: SmsDeliveryResponse[];

  @ApiProperty({ type: String, nullable: true })
  nextCursor!: string | null;
}

export class SmsProviderResponse {
  @ApiProperty({ example: 'telnyx' })
  provider!: string;

  @ApiProperty({ enum: ['sender', 'code-sender', 'service'] })
  kind!: string;

  @ApiProperty({ type: [String], example: ['sms'] })
  channels!: string[];

  @ApiProperty({ type: 'integer', description: 'Place in SMS_PROVIDERS, from 1' })
  place!: number;

  @ApiProperty({ type: [String], description: 'Countries of SMS_ROUTES that name it; * for all others' })
  routes!: string[];

  @ApiProperty({
    enum: ['closed', 'open', 'half-open', 'probing'],
    description: 'Of the instance that answers; each has its own. closed: the vendor is called',
  })
  breaker!: string;

  @ApiProperty({ type: 'integer', description: 'Hand-overs of all instances in the last hour' })
  handOvers!: number;

  @ApiProperty({ type: 'integer', description: 'How many of these the vendor took' })
  accepted!: number;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'When the breaker of any instance last opened, within the last hour',
  })
  openedAt!: string | null;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Kind of failure and code of the vendor, of the last hour',
  })
  lastFailure!: string | null;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  lastFailureAt!: string | null;

  static from(overview: VendorOverview): SmsProviderResponse {
    const { provider, kind, place, breaker, handOvers, accepted, lastFailure } = overview;
    return {
      ...{ provider, kind, place, breaker, handOvers, accepted, lastFailure },
      channels: [...overview.channels],
      routes: [...overview.routes],
      openedAt: overview.openedAt?.toISOString() ?? null,
      lastFailureAt: overview.lastFailureAt?.toISOString() ?? null,
    };
  }
}

export class SmsProviderListResponse {
  @ApiProperty({ type: [SmsProviderResponse] })
  items!: SmsProviderResponse[];
}
