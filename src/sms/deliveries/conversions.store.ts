// Column `converted` of sms_deliveries: whether the code that a hand-over brought was entered. Of all hand-overs about one challenge
// the last that was out by then gets the credit, since it is the one that made the difference.
import { Injectable } from '@nestjs/common';
import { Database } from '../../database/database.service';
import { statement } from '../../database/sql';
import type { MessageOutcome } from '../contract/message-source';

/** Where a batch ended; the next begins behind it. */
export interface Undecided {
  readonly referenceId: string;
  readonly createdAt: Date;
}

/** What is older has outlived its challenge: nobody can say any more. */
const LOOK_BACK_HOURS = 25;

const undecided = statement(
  'conversions_undecided',
  `SELECT reference_id AS "referenceId", created_at AS "createdAt" FROM sms_deliveries
    WHERE converted IS NULL AND provider IS NOT NULL AND source = $1
      AND created_at > greatest($2::timestamptz, $3::timestamptz - interval '${LOOK_BACK_HOURS} hours')
    ORDER BY created_at LIMIT $4`,
);
// Who is credited is found once for the batch, not again for every row of it: a batch would cost its square.
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

  /** Oldest first. @param after of the batch before */
  undecided(source: string, after: Date, now: Date, limit: number): Promise<Undecided[]> {
    return this.database.run<Undecided>(undecided, [source, after, now, limit]);
  }

  async decide(source: string, outcomes: readonly MessageOutcome[]): Promise<void> {
    const ids = outcomes.map(({ id }) => id);
    const times = outcomes.map(({ provedAt }) => provedAt);
    await this.database.run(decide, [source, ids, times]);
  }
}
