// Column `converted` of sms_deliveries: whether the code that a hand-over brought was entered. Of several hand-overs for a challenge, only
// the last one that was sent before the code was entered counts, because that one made the difference.
import { Injectable } from '@nestjs/common';
import { Database } from '../../database/database.service';
import { statement } from '../../database/sql';
import type { MessageOutcome } from '../contract/message-source';

/** The end of a batch, behind which the next begins. */
export interface Undecided {
  readonly referenceId: string;
  readonly createdAt: Date;
}

/** Older hand-overs have outlived their challenge, so nobody can tell any more. */
const LOOK_BACK_HOURS = 25;

const undecided = statement(
  'conversions_undecided',
  `SELECT reference_id AS "referenceId", created_at AS "createdAt" FROM sms_deliveries
    WHERE converted IS NULL AND provider IS NOT NULL AND source = $1
      AND created_at > greatest($2::timestamptz, $3::timestamptz - interval '${LOOK_BACK_HOURS} hours')
    ORDER BY created_at LIMIT $4`,
);
// Finds once for the whole batch which hand-over counts. Doing so for each row would cost the square of the batch.
const decide = statement(
  'conversions_decide',
  `WITH ended AS (
     SELECT * FROM unnest($2::uuid[], $3::timestamptz[]) AS e(reference_id, proved_at)
   ), credited AS MATERIALIZED (
     SELECT DISTINCT ON (d.reference_id) d.id FROM sms_deliveries d JOIN ended e USING (reference_id)
      WHERE d.source = $1 AND d.provider IS NOT NULL AND d.created_at <= e.proved_at
      ORDER BY d.reference_id, (d.status = 'failed'), d.created_at DESC
   )
   UPDATE sms_deliveries d SET converted = d.id IN (SELECT id FROM credited)
     FROM ended e WHERE d.reference_id = e.reference_id AND d.source = $1 AND d.provider IS NOT NULL AND d.converted IS NULL`,
);

@Injectable()
export class ConversionsStore {
  constructor(private readonly database: Database) {}

  /** Oldest first. @param after the last instant of the batch before */
  undecided(source: string, after: Date, now: Date, limit: number): Promise<Undecided[]> {
    return this.database.run<Undecided>(undecided, [source, after, now, limit]);
  }

  async decide(source: string, outcomes: readonly MessageOutcome[]): Promise<void> {
    const ids = outcomes.map(({ id }) => id);
    const times = outcomes.map(({ provedAt }) => provedAt);
    await this.database.run(decide, [source, ids, times]);
  }
}
