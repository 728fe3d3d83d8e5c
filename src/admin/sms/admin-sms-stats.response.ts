// The figures of messages in a period: in total, by provider and by country. admin-sms-series.response.ts has them by steps of time.
import { ApiProperty } from '@nestjs/swagger';
import type { DeliverySummary, Figures } from '../../sms/deliveries/delivery-stats.types';

class SmsCostResponse {
  @ApiProperty({ example: 'EUR' })
  currency!: string;

  @ApiProperty({ example: 12.34 })
  amount!: number;
}

class SmsFiguresResponse {
  @ApiProperty({ type: 'integer', description: 'Messages given to vendors; after a failover one send has several' })
  handOvers!: number;

  @ApiProperty({ type: 'integer', description: 'Hand-overs that the vendor took' })
  accepted!: number;

  @ApiProperty({ type: 'integer', description: 'Taken, and on the phone according to a receipt' })
  delivered!: number;

  @ApiProperty({ type: 'integer', description: 'Taken, and not delivered' })
  undelivered!: number;

  @ApiProperty({ type: 'integer', description: 'Taken, and the code was entered' })
  converted!: number;

  @ApiProperty({ type: 'integer', description: 'Taken, and the code never was entered' })
  wasted!: number;

  @ApiProperty({ type: 'integer', description: 'Segments of the messages whose text we wrote' })
  segments!: number;

  @ApiProperty({ type: 'integer', description: 'Taken, without a price of the vendor or of SMS_PRICES' })
  unpriced!: number;

  @ApiProperty({
    type: [SmsCostResponse],
    description: 'The prices that vendors have told us, else those of SMS_PRICES',
  })
  cost!: SmsCostResponse[];

  @ApiProperty({ type: Number, nullable: true, example: 0.998, description: 'Share of hand-overs that were accepted' })
  acceptanceRate!: number | null;

  @ApiProperty({
    type: Number,
    nullable: true,
    example: 0.97,
    description: 'Share that was delivered, among those whose end is known',
  })
  deliveryRate!: number | null;

  @ApiProperty({
    type: Number,
    nullable: true,
    example: 0.91,
    description: 'Share whose code was entered, among those that have ended',
  })
  conversionRate!: number | null;
}

export class SmsProviderFiguresResponse extends SmsFiguresResponse {
  @ApiProperty({ type: String, nullable: true, description: 'null: no vendor could be called' })
  provider!: string | null;
}

export class SmsCountryFiguresResponse extends SmsFiguresResponse {
  @ApiProperty({ type: String, nullable: true, example: 'GB' })
  country!: string | null;
}

class SmsProviderAndCountryFiguresResponse extends SmsProviderFiguresResponse {
  @ApiProperty({ type: String, nullable: true, example: 'GB' })
  country!: string | null;
}

export class SmsPeriodResponse {
  @ApiProperty({ format: 'date-time' })
  from!: string;

  @ApiProperty({ format: 'date-time' })
  to!: string;
}

export class SmsStatsResponse extends SmsPeriodResponse {
  @ApiProperty()
  total!: SmsFiguresResponse;

  @ApiProperty({ type: [SmsProviderFiguresResponse] })
  byProvider!: SmsProviderFiguresResponse[];

  @ApiProperty({ type: [SmsCountryFiguresResponse] })
  byCountry!: SmsCountryFiguresResponse[];

  @ApiProperty({ type: [SmsProviderAndCountryFiguresResponse] })
  byProviderAndCountry!: SmsProviderAndCountryFiguresResponse[];

  static from({ from, to, total, byProvider, byCountry, byProviderAndCountry }: DeliverySummary): SmsStatsResponse {
    return {
      from: from.toISOString(),
      to: to.toISOString(),
      total: figuresOf(total),
      byProvider: byProvider.map((one) => ({ provider: one.provider, ...figuresOf(one) })),
      byCountry: byCountry.map((one) => ({ country: one.country, ...figuresOf(one) })),
      byProviderAndCountry: byProviderAndCountry.map((one) => ({
        provider: one.provider,
        country: one.country,
        ...figuresOf(one),
      })),
    };
  }
}

export function figuresOf(figures: Figures): SmsFiguresResponse {
  const { handOvers, accepted, delivered, undelivered, converted, wasted, segments, unpriced } = figures;
  const { acceptanceRate, deliveryRate, conversionRate } = figures;
  return {
    ...{ handOvers, accepted, delivered, undelivered, converted, wasted, segments, unpriced },
    ...{ acceptanceRate, deliveryRate, conversionRate },
    cost: Object.entries(figures.cost).map(([currency, amount]) => ({ currency, amount })),
  };
}
