// How messages fared, per vendor and country and over time, for operators and for programs that want to decide by these rates. Reads only records of
// hand-overs. Whether codes were entered is decided first, so the figures are up to date.
import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock/clock';
import { AppError } from '../../platform/errors/app-error';
import { platformErrors } from '../../platform/errors/platform.errors';
import { Conversions } from './conversions.service';
import { periodOf, ratesOf, stepSecondsOf, summaryOf } from './delivery-stats.policy';
import { DeliveryStatsStore } from './delivery-stats.store';
import type {
  CountryStep,
  DeliveryFigures,
  DeliverySeries,
  DeliverySummary,
  Period,
  Series,
} from './delivery-stats.types';

@Injectable()
export class DeliveryStats {
  constructor(
    private readonly store: DeliveryStatsStore,
    private readonly conversions: Conversions,
    private readonly clock: Clock,
  ) {}

  /** The 7 days before `to`, which is now, unless told. @throws AppError validation_failed when it is empty or longer than 90 days */
  period(from?: Date, to?: Date): Period {
    const period = periodOf(from, to, this.clock.now());
    if (period !== undefined) return period;
    throw new AppError(platformErrors.validation_failed, { errors: [{ pointer: '/from', code: 'out_of_range' }] });
  }

  /** How long the steps are that a period is told in. */
  stepSeconds(period: Period): number {
    return stepSecondsOf(period);
  }

  /** One entry per vendor and country that there was a hand-over of. @throws AppError overloaded, not_ready */
  async byVendorAndCountry(period: Period): Promise<DeliveryFigures[]> {
    await this.conversions.decide();
    const found = await this.store.figures(period);
    return found.map((counts) => ({ ...counts, ...ratesOf(counts) }));
  }

  /** The same, and its sums. @throws AppError overloaded, not_ready */
  async summary(period: Period): Promise<DeliverySummary> {
    return summaryOf(period, await this.byVendorAndCountry(period));
  }

  /** In at most 200 steps per vendor. @throws AppError overloaded, not_ready */
  overTime(period: Period): Promise<DeliverySeries> {
    return this.seriesBy('provider', period);
  }

  /** The same per country. @throws AppError overloaded, not_ready */
  countriesOverTime(period: Period): Promise<Series<CountryStep>> {
    return this.seriesBy('country', period);
  }

  private async seriesBy<Key extends 'provider' | 'country'>(key: Key, period: Period) {
    await this.conversions.decide();
    const stepSeconds = stepSecondsOf(period);
    const found = await this.store.steps(key, period, stepSeconds);
    return { ...period, stepSeconds, steps: found.map((counts) => ({ ...counts, ...ratesOf(counts) })) };
  }
}
