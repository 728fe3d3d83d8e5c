import { ApiProperty } from '@nestjs/swagger';
import type { RefusalStep } from '../../otp/send-refusals.types';
import type { CountryStep, DeliverySeries, Series } from '../../sms/deliveries/delivery-stats.types';
import {
  figuresOf,
  SmsCountryFiguresResponse,
  SmsPeriodResponse,
  SmsProviderFiguresResponse,
} from './admin-sms-stats.response';

class SmsStepResponse extends SmsProviderFiguresResponse {
  @ApiProperty({ format: 'date-time', description: 'When the step begins' })
  at!: string;
}

class SmsCountryStepResponse extends SmsCountryFiguresResponse {
  @ApiProperty({ format: 'date-time', description: 'When the step begins' })
  at!: string;
}

class SmsRefusalStepResponse {
  @ApiProperty({ format: 'date-time', description: 'When the step begins' })
  at!: string;

  @ApiProperty({
    type: String,
    nullable: true,
    example: 'GB',
    description: 'null: the number belongs to no country, or none was given',
  })
  country!: string | null;

  @ApiProperty({
    enum: ['limit', 'budget'],
    description: 'limit: of the number, account or address; budget: one that everybody shares',
  })
  kind!: RefusalStep['kind'];

  @ApiProperty({ type: 'integer', description: 'Messages that were asked for and not sent' })
  count!: number;
}

class SmsStepsResponse extends SmsPeriodResponse {
  @ApiProperty({ type: 'integer', example: 3600 })
  stepSeconds!: number;
}

export class SmsSeriesResponse extends SmsStepsResponse {
  @ApiProperty({ type: [SmsStepResponse], description: 'By time; steps without a hand-over are absent' })
  steps!: SmsStepResponse[];

  static from(series: DeliverySeries): SmsSeriesResponse {
    return seriesOf(series, ({ provider, ...step }) => ({ provider, ...figuresOf(step) }));
  }
}

export class SmsCountrySeriesResponse extends SmsStepsResponse {
  @ApiProperty({ type: [SmsCountryStepResponse], description: 'By time; steps without a hand-over are absent' })
  steps!: SmsCountryStepResponse[];

  static from(series: Series<CountryStep>): SmsCountrySeriesResponse {
    return seriesOf(series, ({ country, ...step }) => ({ country, ...figuresOf(step) }));
  }
}

export class SmsRefusalsResponse extends SmsStepsResponse {
  @ApiProperty({ type: [SmsRefusalStepResponse], description: 'By time; steps without a refusal are absent' })
  steps!: SmsRefusalStepResponse[];

  static from(series: Series<RefusalStep>): SmsRefusalsResponse {
    return seriesOf(series, ({ country, kind, count }) => ({ country, kind, count }));
  }
}

/** @param shown gives the fields of a step, except its time */
function seriesOf<Step extends { readonly at: Date }, Shown extends object>(
  { from, to, stepSeconds, steps }: Series<Step>,
  shown: (step: Step) => Shown,
) {
  return {
    from: from.toISOString(),
    to: to.toISOString(),
    stepSeconds,
    steps: steps.map((step) => ({ at: step.at.toISOString(), ...shown(step) })),
  };
}
