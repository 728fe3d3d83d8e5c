// The vendors for operators: order and kind as configured, breakers as this process has them, and what every instance has on record
// about the last hour. Decides nothing.
import { Injectable } from '@nestjs/common';
import { AuditReader } from '../audit/audit-reader.service';
import { LoadedConfig } from '../config/load-config';
import { Clock } from '../platform/clock/clock';
import { totalOf } from './deliveries/delivery-stats.policy';
import { DeliveryLogStore, type LatestFailure } from './deliveries/delivery-log.store';
import { DeliveryStatsStore } from './deliveries/delivery-stats.store';
import { VendorHealth } from './routing/vendor-health.service';
import { Vendors } from './routing/vendors.service';
import { SmsConfig } from './sms.config';
import type { VendorOverview } from './vendor-overview.types';

const HOUR_MILLISECONDS = 3_600_000;

@Injectable()
export class VendorOverviews {
  constructor(
    private readonly config: LoadedConfig,
    private readonly vendors: Vendors,
    private readonly health: VendorHealth,
    private readonly stats: DeliveryStatsStore,
    private readonly log: DeliveryLogStore,
    private readonly audit: AuditReader,
    private readonly clock: Clock,
  ) {}

  /** In the order of SMS_PROVIDERS. @throws AppError overloaded, not_ready */
  async all(): Promise<VendorOverview[]> {
    const to = this.clock.now();
    const from = new Date(to.getTime() - HOUR_MILLISECONDS);
    const [figures, failures, openings] = await Promise.all([
      this.stats.figures({ from, to }),
      this.log.latestFailures(from),
      this.audit.newestByReason('sms_breaker_opened', from),
    ]);
    const routes = [...this.config.get(SmsConfig).countryRoutes];
    return this.vendors.routes.map(({ provider, kind, channels }, index) => {
      const { handOvers, accepted } = totalOf(figures.filter((each) => each.provider === provider));
      // The reason names the vendor first, then what was wrong.
      const opened = openings.filter(({ reason }) => reason.startsWith(`${provider}: `)).map(({ at }) => at.getTime());
      const failure = failures.find((each) => each.provider === provider);
      return {
        provider,
        kind,
        channels,
        place: index + 1,
        routes: routes.filter(([, order]) => order.includes(provider)).map(([country]) => country),
        breaker: this.health.state(provider),
        handOvers,
        accepted,
        openedAt: opened.length === 0 ? null : new Date(Math.max(...opened)),
        lastFailure: failure === undefined ? null : wordsOf(failure),
        lastFailureAt: failure?.at ?? null,
      };
    });
  }
}

function wordsOf({ failureKind, vendorCode }: LatestFailure): string {
  return [failureKind ?? 'unknown', vendorCode].filter((word) => word !== null).join(' ');
}
