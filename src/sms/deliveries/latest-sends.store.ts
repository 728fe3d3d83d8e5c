// How the newest codes were sent, over all instances. The send of a decoy imitates it (A55). A look reads at most the newest 60 rows of a
// vendor, or those of 15 s.
import { Injectable } from '@nestjs/common';
import { Database } from '../../database/database.service';
import { statement } from '../../database/sql';

export interface Fate {
  readonly failed: boolean;
  /** The vendor that took it; if none did, the last one that was asked. */
  readonly provider: string | null;
  /** Milliseconds from the first hand-over to the end, at most 15 000. */
  readonly milliseconds: number;
}

// The fate of a send says whether a vendor has taken it, however many were tried, and when the first did. Later receipts do not belong to
// it. Failures that were due to the number itself do not count.
const fate = statement(
  'delivery_latest_fate',
  `SELECT bool_and(sent_at IS NULL) AS failed, (array_agg(provider ORDER BY sent_at, created_at DESC))[1] AS provider,
          least(15000, greatest(0, extract(epoch FROM coalesce(min(sent_at), max(updated_at)) - min(created_at)) * 1000))::float8 AS milliseconds
     FROM (SELECT d.* FROM unnest($1::text[]) AS asked(provider), LATERAL (
             SELECT * FROM sms_deliveries WHERE source = 'code' AND provider = asked.provider ORDER BY created_at DESC LIMIT 60) d
            ORDER BY d.created_at DESC LIMIT 60) d
    GROUP BY reference_id, send
   HAVING bool_and(status <> 'queued') AND bool_and(sent_at IS NOT NULL OR coalesce(failure_kind, '') NOT IN
            ('invalid_number', 'unsupported_destination', 'blocked', 'opted_out', 'verification_ended', 'expired'))
    ORDER BY coalesce(min(sent_at), max(updated_at)) DESC LIMIT 1`,
);
// How long the newest message that has arrived took. No row when three younger ones have had three times as long, and 5 s, without
// arriving: then receipts have stopped coming.
const arrival = statement(
  'delivery_latest_arrival',
  `WITH recent AS (
     SELECT sent_at, delivered_at, status FROM sms_deliveries
      WHERE source = 'code' AND provider = $1 AND sent_at IS NOT NULL ORDER BY created_at DESC LIMIT 60
   ), latest AS (
     SELECT sent_at, greatest(interval '0', delivered_at - sent_at) AS took FROM recent WHERE delivered_at IS NOT NULL ORDER BY sent_at DESC LIMIT 1
   )
   SELECT (extract(epoch FROM took) * 1000)::float8 AS milliseconds FROM latest
    WHERE 3 > (SELECT count(*) FROM recent r WHERE r.status = 'sent' AND r.sent_at > latest.sent_at
                AND r.sent_at < $2::timestamptz - 3 * latest.took - interval '5 seconds')`,
);
const open = statement(
  'delivery_any_open',
  `SELECT 1 AS one FROM sms_deliveries WHERE source = 'code' AND provider = ANY($1::text[]) AND status = 'queued'
      AND created_at > $2::timestamptz - interval '15 seconds' AND created_at < $2::timestamptz LIMIT 1`,
);

@Injectable()
export class LatestSendsStore {
  constructor(private readonly database: Database) {}

  /** How the newest finished send over one of these vendors went. */
  async fate(providers: readonly string[]): Promise<Fate | undefined> {
    const [row] = await this.database.run<Fate>(fate, [providers]);
    return row;
  }

  /** Whether a hand-over to one of these vendors that began in the 15 s before an instant has no answer yet. */
  async isAnyOpen(providers: readonly string[], before: Date): Promise<boolean> {
    const rows = await this.database.run(open, [providers, before]);
    return rows.length > 0;
  }

  /** @returns how long this vendor's last message took from being taken to arriving, in milliseconds; undefined while the vendor does not tell */
  async arrival(provider: string, now: Date): Promise<number | undefined> {
    const [row] = await this.database.run<{ milliseconds: number }>(arrival, [provider, now]);
    return row?.milliseconds;
  }
}
