// Metrics that operators watch beside requests: the pool that hashes passwords, what became of messages, and what is left of their budgets. The
// sums over messages and budgets come from SQL and are the same on all instances. An instance asks for them at most every 30 s, however often
// it is scraped. Invariant: labels have few values, such as vendors and countries. A prefix is part of a phone number and never a label.
import { Injectable, OnModuleInit } from '@nestjs/common';
import { SpendBudgets } from '../../limits/spend-budgets.service';
import { Clock } from '../../platform/clock/clock';
import { PasswordHasher } from '../../platform/crypto/password-hasher';
import { Metrics, type Reading } from '../../platform/metrics/metrics';
import { DeliveryStats } from '../../sms/deliveries/delivery-stats.service';
import type { DeliveryFigures } from '../../sms/deliveries/delivery-stats.types';
import { remembered } from './remembered';

const HOUR_MILLISECONDS = 3_600_000;
const NONE = 'none';

const counted = ['handOvers', 'accepted', 'delivered', 'undelivered', 'converted', 'wasted', 'unpriced'] as const;

@Injectable()
export class FigureMetrics implements OnModuleInit {
  private readonly figures = remembered(() => this.lastHour());
  private readonly windows = remembered(() => this.budgets.windows());
  private readonly unverified = remembered(() => this.budgets.unverified());

  constructor(
    private readonly metrics: Metrics,
    private readonly hasher: PasswordHasher,
    private readonly stats: DeliveryStats,
    private readonly budgets: SpendBudgets,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.watchHashing();
    this.watchMessages();
    this.watchBudgets();
  }

  private watchHashing(): void {
    const series = {
      name: 'latchkey_password_hashing',
      help: 'Password hashes: running, waiting',
      labels: ['state'] as const,
    };
    this.metrics.gauge(series, () => {
      const { running, waiting } = this.hasher.stats();
      return [
        { labels: { state: 'running' }, value: running },
        { labels: { state: 'waiting' }, value: waiting },
      ];
    });
    this.metrics.gauge(
      {
        name: 'latchkey_password_hashing_refused',
        help: 'Hashes refused because too many waited, since start',
        labels: [],
      },
      () => [{ labels: {}, value: this.hasher.stats().refused }],
    );
  }

  private watchMessages(): void {
    const where = ['provider', 'country'] as const;
    this.metrics.gauge(
      {
        name: 'latchkey_sms_last_hour',
        help: `Messages of the last hour by what became of them: ${counted.join(', ')}`,
        labels: [...where, 'outcome'],
      },
      async () =>
        (await this.figures()).flatMap((each) =>
          counted.map((outcome) => ({ labels: { ...placeOf(each), outcome }, value: each[outcome] })),
        ),
    );
    this.metrics.gauge(
      {
        name: 'latchkey_sms_conversion_ratio',
        help: 'Codes entered of those that ended in the last hour',
        labels: where,
      },
      async () => (await this.figures()).flatMap(conversionOf),
    );
    this.metrics.gauge(
      {
        name: 'latchkey_sms_cost_last_hour',
        help: 'What the messages of the last hour cost',
        labels: [...where, 'currency'],
      },
      async () =>
        (await this.figures()).flatMap((each) =>
          Object.entries(each.cost).map(([currency, value]) => ({ labels: { ...placeOf(each), currency }, value })),
        ),
    );
  }

  private watchBudgets(): void {
    for (const part of ['cap', 'spent'] as const) {
      const name = `latchkey_sms_budget_${part}`;
      const help = `Budgets of messages and money, ${part}, by scope and length of the window in seconds`;
      this.metrics.gauge({ name, help, labels: ['scope', 'window'] }, async () =>
        (await this.windows()).map((window) => ({
          labels: { scope: window.scope, window: String(window.seconds) },
          value: window[part],
        })),
      );
    }
    const series = {
      name: 'latchkey_sms_guard_closed',
      help: 'Countries and prefixes that take no strangers now',
      labels: ['kind'],
    };
    this.metrics.gauge(series, async () => {
      const now = this.clock.now();
      const closed = (await this.unverified()).filter(({ closedUntil }) => closedUntil !== null && closedUntil > now);
      return ['country', 'prefix'].map((kind) => ({
        labels: { kind },
        value: closed.filter(({ scope }) => scope.startsWith(`${kind}:`)).length,
      }));
    });
  }

  private lastHour(): Promise<DeliveryFigures[]> {
    const to = this.clock.now();
    return this.stats.byVendorAndCountry({ from: new Date(to.getTime() - HOUR_MILLISECONDS), to });
  }
}

function placeOf({ provider, country }: DeliveryFigures): { provider: string; country: string } {
  return { provider: provider ?? NONE, country: country ?? NONE };
}

function conversionOf(figures: DeliveryFigures): Reading<'provider' | 'country'>[] {
  const { conversionRate } = figures;
  return conversionRate === null ? [] : [{ labels: placeOf(figures), value: conversionRate }];
}
