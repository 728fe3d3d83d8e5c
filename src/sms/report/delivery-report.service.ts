import { Injectable } from '@nestjs/common';
import { ProductConfig } from '../../config/product.config';
import { Clock } from '../../platform/clock/clock';
import { DeliveryStats } from '../deliveries/delivery-stats.service';
import type { Period } from '../deliveries/delivery-stats.types';
import { reportPage } from './report-page';

/** The figures of messages as one file for people. */
@Injectable()
export class DeliveryReport {
  constructor(
    private readonly stats: DeliveryStats,
    private readonly product: ProductConfig,
    private readonly clock: Clock,
  ) {}

  /** @returns a whole HTML page that needs nothing else. @throws AppError overloaded, not_ready */
  async html(period: Period): Promise<string> {
    const summary = await this.stats.summary(period);
    const series = await this.stats.overTime(period);
    return reportPage({ title: `Messages of ${this.product.APP_NAME}`, madeAt: this.clock.now(), summary, series });
  }
}
