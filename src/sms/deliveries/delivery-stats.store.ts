// Sums over sms_deliveries for operators. Hand-overs of decoys, which no vendor had, are left out. Sends for which no vendor could be
// called are included.
import { Injectable } from '@nestjs/common';
import { Database } from '../../database/database.service';
import { statement } from '../../database/sql';
import type { DeliveryCounts, Period } from './delivery-stats.types';

type Summed<Key extends string> = DeliveryCounts & { readonly [K in Key]: string | null };

// The price that the vendor reports goes before the one that the operator's list expects.
const cost = 'coalesce(price, expected_price)';
const currency = 'CASE WHEN price IS NULL THEN expected_currency ELSE currency END';
const taken = `provider_id IS NOT NULL OR status IN ('sent', 'delivered')`;
const counts = `count(*) AS hand_overs,
  count(*) FILTER (WHERE ${taken}) AS accepted,
  count(*) FILTER (WHERE status = 'delivered') AS delivered,
  count(*) FILTER (WHERE status = 'failed' AND provider_id IS NOT NULL) AS undelivered,
  count(*) FILTER (WHERE converted AND (${taken})) AS converted,
  count(*) FILTER (WHERE NOT converted AND (${taken})) AS wasted,
  coalesce(sum(segments) FILTER (WHERE ${taken}), 0) AS segments,
  count(*) FILTER (WHERE ${cost} IS NULL AND (${taken})) AS unpriced,
  ${currency} AS cost_currency, sum(${cost})::float8 AS cost`;
const inPeriod = `created_at >= $1 AND created_at < $2 AND (provider IS NOT NULL OR status = 'failed' AND provider_id IS NULL)`;
const sums = `sum(hand_overs)::int AS "handOvers", sum(accepted)::int AS accepted, sum(delivered)::int AS delivered, sum(undelivered)::int AS undelivered,
  sum(converted)::int AS converted, sum(wasted)::int AS wasted, sum(segments)::int AS segments, sum(unpriced)::int AS unpriced,
  coalesce(jsonb_object_agg(cost_currency, cost) FILTER (WHERE cost IS NOT NULL AND cost_currency IS NOT NULL), '{}') AS cost`;

const figures = statement(
  'delivery_figures',
  `SELECT provider, country, ${sums} FROM (
     SELECT provider, country, ${counts} FROM sms_deliveries WHERE ${inPeriod} GROUP BY provider, country, ${currency}
   ) priced GROUP BY provider, country ORDER BY provider, country`,
);
const stepsBy = (key: string): string =>
  `SELECT at, ${key}, ${sums} FROM (
     SELECT step.at, summed.* FROM generate_series(date_bin(make_interval(secs => $3), $1, $4::timestamptz), $2, make_interval(secs => $3)) step(at),
       LATERAL (SELECT ${key}, ${counts} FROM sms_deliveries
         WHERE ${inPeriod} AND created_at >= step.at AND created_at < step.at + make_interval(secs => $3) GROUP BY ${key}, ${currency}) summed
   ) priced GROUP BY at, ${key} ORDER BY at, ${key}`;
const steps = {
  provider: statement('delivery_steps', stepsBy('provider')),
  country: statement('delivery_country_steps', stepsBy('country')),
} as const;
/** Of date_bin: steps begin on the hour and at midnight, UTC. */
const ORIGIN = new Date(0);

@Injectable()
export class DeliveryStatsStore {
  constructor(private readonly database: Database) {}

  figures({ from, to }: Period): Promise<Summed<'provider' | 'country'>[]> {
    return this.database.run(figures, [from, to]);
  }

  steps<Key extends keyof typeof steps>(
    key: Key,
    { from, to }: Period,
    seconds: number,
  ): Promise<(Summed<Key> & { readonly at: Date })[]> {
    return this.database.run(steps[key], [from, to, seconds, ORIGIN]);
  }
}
