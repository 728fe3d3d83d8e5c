// What operators see of a delivery and of a provider. Numbers are masked; texts and codes are stored nowhere.
import { ApiProperty } from '@nestjs/swagger';
import type { DeliveryEntry } from '../../sms/deliveries/delivery-log.types';
import type { VendorOverview } from '../../sms/vendor-overview.types';

export class SmsDeliveryResponse {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  @ApiProperty({ description: 'code, or the kind of notice' })
  source!: string;

  @ApiProperty({ format: 'uuid', description: 'What it was about; ref in the audit log' })
  referenceId!: string;

  @ApiProperty({ type: 'integer', description: '1, and 2 for the first resend' })
  send!: number;

  @ApiProperty({ type: String, nullable: true, description: 'null: no vendor was called' })
  provider!: string | null;

  @ApiProperty({ type: String, nullable: true, description: "The vendor's id of it" })
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

  @ApiProperty({ type: Boolean, nullable: true, description: 'Whether its code was entered; null while open' })
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

  @ApiProperty({ type: 'integer', description: 'In the order of SMS_PROVIDERS, from 1' })
  place!: number;

  @ApiProperty({ type: [String], description: 'Countries of SMS_ROUTES that name it; * for all others' })
  routes!: string[];

  @ApiProperty({
    enum: ['closed', 'open', 'half-open', 'probing'],
    description: 'In the instance that answers; each has its own. Closed: it is called.',
  })
  breaker!: string;

  @ApiProperty({ type: 'integer', description: 'In the last hour, of all instances' })
  handOvers!: number;

  @ApiProperty({ type: 'integer', description: 'Of these, taken by the vendor' })
  accepted!: number;

  @ApiProperty({ type: String, format: 'date-time', nullable: true, description: 'Breaker of any instance, last hour' })
  openedAt!: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'Kind, and code of the vendor; last hour' })
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
