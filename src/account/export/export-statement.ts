// The statement that reads one page of one section of an export. Rows come in order, and begin after the last row of the page before.
import { statement, type Statement } from '../../database/sql';
import type { ExportSection } from './export-sections';

/** Rows that are read at a time, so that memory does not depend on how much is stored. */
export const PAGE = 500;

export interface ExportedRow {
  /** The order columns of the section, as text: the next page begins after these values. */
  readonly afterAt: string;
  readonly afterId: string;
  readonly [field: string]: unknown;
}

/**
 * $1 id of the account; $2 and $3 `afterAt` and `afterId` of the last row of the page before, null for the first page. The comparison of both
 * columns says where the page begins. The one of the time alone adds nothing to that, but an index can find the place with it.
 */
export function sectionStatement({ name, table, from, order: [at, id], given }: ExportSection): Statement {
  const columns = given.map((column) => `t.${column} AS "${camelCase(column)}"`);
  return statement(
    `export_${name}`,
    `SELECT ${columns.join(', ')}, t.${at}::text AS "afterAt", t.${id}::text AS "afterId"
       ${from ?? `FROM ${table} t WHERE t.user_id = $1`}
        AND t.${at} >= coalesce($2::text::timestamptz, '-infinity')
        AND (t.${at}, t.${id}::text) > (coalesce($2::text::timestamptz, '-infinity'), coalesce($3::text, ''))
      ORDER BY t.${at}, t.${id}::text LIMIT ${PAGE}`,
  );
}

function camelCase(column: string): string {
  return column.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
