// Deletes the refused lines of imports, which are only kept to write the report. Their own age is no measure: an import that was stopped and goes on
// weeks later reports those of before as well. Each import is asked for its lines by their key, so that what an unfinished one keeps costs
// nothing here (ADR 79).
import { statement } from '../../database/sql';
import { BATCH } from './deletions.sql';

/** $1 now. `deleted` is the number of rows; when it is BATCH there may be more. */
export const forgetRefusals = statement(
  'retention_user_import_refusals',
  `WITH gone AS (
     DELETE FROM user_import_refusals WHERE ctid = ANY (ARRAY(
       SELECT refused.ctid FROM user_imports i CROSS JOIN LATERAL (
                SELECT ctid FROM user_import_refusals r WHERE r.import_id = i.id ORDER BY r.line LIMIT ${BATCH} FOR UPDATE SKIP LOCKED
              ) refused
        WHERE coalesce(i.finished_at + interval '30 days', i.created_at + interval '1 year') < $1::timestamptz LIMIT ${BATCH}
     )) RETURNING 1
   ) SELECT count(*)::int AS deleted FROM gone`,
);
