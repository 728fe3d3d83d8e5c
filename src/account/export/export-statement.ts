// One page of one section of an export: rows in order, after the last one of the page before.
import { statement, type Statement } from '../../database/sql';
import type { ExportSection } from './export-sections';

/** Rows read at a time, so that memory does not depend on how much is held. */
export const PAGE = 500;

export interface ExportedRow {
  /** Where the next page begins. */
  readonly afterAt: string;
  readonly afterId: string;
  readonly [field: string]: unknown;
}

/** $1 user id, $2 and $3 `afterAt` and `afterId` of the last row, null for the first page. */
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
