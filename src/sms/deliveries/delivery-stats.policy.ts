// Rates from counts, and how a period is cut into steps: pure.
import type {
  DeliveryCounts,
  DeliveryFigures,
  DeliveryRates,
  DeliverySummary,
  Figures,
  Period,
} from './delivery-stats.types';

/** Deliveries are kept that long (security.md 5.10). */
const LONGEST_DAYS = 90;
const DEFAULT_DAYS = 7;
const DAY_MILLISECONDS = 86_400_000;

const MAX_STEPS = 200;
/** 5 min, 15 min, 1 h, 6 h, 1 day. */
const STEPS_SECONDS = [300, 900, 3600, 21_600, 86_400] as const;

export function ratesOf({
  handOvers,
  accepted,
  delivered,
  undelivered,
  converted,
  wasted,
}: DeliveryCounts): DeliveryRates {
  return {
    acceptanceRate: rate(accepted, handOvers),
    deliveryRate: rate(delivered, delivered + undelivered),
    conversionRate: rate(converted, converted + wasted),
  };
}

export function totalOf(all: readonly DeliveryCounts[]): Figures {
  const sum = (key: Exclude<keyof DeliveryCounts, 'cost'>): number =>
    all.reduce((total, counts) => total + counts[key], 0);
  const counts = {
    handOvers: sum('handOvers'),
    accepted: sum('accepted'),
    delivered: sum('delivered'),
    undelivered: sum('undelivered'),
    converted: sum('converted'),
    wasted: sum('wasted'),
    segments: sum('segments'),
    unpriced: sum('unpriced'),
    cost: costOf(all),
  };
  return { ...counts, ...ratesOf(counts) };
}

/** @param all in the order of vendor and country */
export function summaryOf(period: Period, all: readonly DeliveryFigures[]): DeliverySummary {
  const per = <Key extends 'provider' | 'country'>(key: Key) => [...new Set(all.map((one) => one[key]))];
  return {
    ...period,
    total: totalOf(all),
    byProvider: per('provider').map((provider) => ({
      provider,
      ...totalOf(all.filter((one) => one.provider === provider)),
    })),
    byCountry: per('country')
      .sort()
      .map((country) => ({ country, ...totalOf(all.filter((one) => one.country === country)) })),
    byProviderAndCountry: all,
  };
}

/** The week before `to`, which is now, unless told. @returns undefined for a period that ends before it begins, or is longer than 90 days */
export function periodOf(from: Date | undefined, to: Date | undefined, now: Date): Period | undefined {
  const end = to ?? now;
  const begin = from ?? new Date(end.getTime() - DEFAULT_DAYS * DAY_MILLISECONDS);
  const length = end.getTime() - begin.getTime();
  return length > 0 && length <= LONGEST_DAYS * DAY_MILLISECONDS ? { from: begin, to: end } : undefined;
}

/** The shortest step that leaves at most 200 of them. */
export function stepSecondsOf({ from, to }: Period): number {
  const seconds = (to.getTime() - from.getTime()) / 1000;
  return STEPS_SECONDS.find((step) => seconds / step <= MAX_STEPS) ?? STEPS_SECONDS[4];
}

function costOf(all: readonly DeliveryCounts[]): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const [currency, amount] of all.flatMap(({ cost }) => Object.entries(cost))) {
    sums[currency] = (sums[currency] ?? 0) + amount;
  }
  // Sums of binary fractions: to a hundred-millionth, as they are stored.
  return Object.fromEntries(
    Object.entries(sums).map(([currency, amount]) => [currency, Math.round(amount * 1e8) / 1e8]),
  );
}

function rate(part: number, whole: number): number | null {
  return whole === 0 ? null : Math.round((part / whole) * 1000) / 1000;
}
