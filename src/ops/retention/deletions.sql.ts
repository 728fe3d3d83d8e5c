// The statements that find and delete a batch of old rows. A batch costs the same however many rows there are, and however many were deleted
// before (ADR 79, P11). With an index on the column the oldest rows come first: without ORDER BY the planner may read the table from its
// beginning, past all rows that were deleted already. Without an index the table is walked: one window of pages after the other, from the
// first page to the last. Rows that are locked are left for the next time.
import { type Statement, statement } from '../../database/sql';
import type { RetentionRule } from './retention.rules';

/** How many rows one statement deletes at most. */
export const BATCH = 1000;
/** How many pages one statement reads: a megabyte. */
export const WINDOW_PAGES = 128;

export interface Deletion {
  /** $1 now. In a walk also $2, the ctid at which the window begins, and $3, the first ctid behind it. Gives `deleted`, the number of rows. */
  readonly batch: Statement;
  /** Gives the number of pages of the table. Absent where an index finds the rows. */
  readonly pages?: Statement;
}

export function deletionOf({ table, column, hours, walked, only = 'true' }: RetentionRule): Deletion {
  const old = `${column} < $1::timestamptz - make_interval(hours => ${hours}) AND ${only}`;
  const found = walked ? `ctid >= $2::tid AND ctid < $3::tid AND ${old}` : `${old} ORDER BY ${column}`;
  const batch = statement(
    `retention_${table}`,
    `WITH gone AS (
       DELETE FROM ${table} WHERE ctid = ANY (ARRAY(SELECT ctid FROM ${table} WHERE ${found} LIMIT ${BATCH} FOR UPDATE SKIP LOCKED)) RETURNING 1
     ) SELECT count(*)::int AS deleted FROM gone`,
  );
  if (!walked) return { batch };
  const pages = `SELECT (pg_relation_size('${table}'::regclass) / current_setting('block_size')::int)::int AS pages`;
  return { batch, pages: statement(`retention_pages_${table}`, pages) };
}
