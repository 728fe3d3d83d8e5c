// What a migration does to a database that is in use, told from its SQL (F27, ADR 75). Knows the statements that block a big table
// for as long as it is big, and those that take away what an older version uses. Tables made by the same migration are
// free to change: nobody uses them yet.
import type { MigrationInterface, QueryRunner } from 'typeorm';

type Migration = MigrationInterface & { readonly transaction?: boolean };

interface Recorded {
  readonly texts: readonly string[];
  readonly alone: boolean;
}

/** @returns each danger once, in the order of the statements; empty for a step that may run under load */
export async function dangersOf(migration: Migration): Promise<string[]> {
  const texts: string[] = [];
  const query = (text: string): Promise<unknown[]> => Promise.resolve((texts.push(text), []));
  await migration.up({ query } as unknown as QueryRunner);
  const recorded = { texts: texts.map(plain), alone: migration.transaction === false };
  const statements = recorded.texts.flatMap((text) => text.split(';').map((part) => part.trim()));
  const made = new Set(statements.flatMap((text) => /^CREATE TABLE (?:IF NOT EXISTS )?(\w+)/i.exec(text)?.[1] ?? []));
  const raisesFloor = statements.some((text) => /^UPDATE schema_floor /i.test(text));
  const found = statements.flatMap((text) => [
    ...blocking(text, made, recorded),
    ...(raisesFloor ? [] : takingAway(text, made)),
  ]);
  return [...new Set([...found, ...(recorded.alone ? [] : shutTogether(statements, made))])];
}

/** A lock is kept to the end of the transaction: while the step waits for its next table, everybody waits for the first. */
function shutTogether(statements: readonly string[], made: ReadonlySet<string>): string[] {
  const altered = statements.flatMap((text) => /^ALTER TABLE (?:ONLY )?(\w+) /i.exec(text)?.[1] ?? []);
  const tables = [...new Set(altered)].filter((table) => !made.has(table));
  return tables.length > 1 ? [`shuts ${tables[0]} while it waits for ${tables.slice(1).join(', ')}`] : [];
}

/** Without comments, bodies of functions and contents of strings: none of them is a statement of the migration. */
function plain(text: string): string {
  return text
    .replace(/--[^\n]*/g, '')
    .replace(/\$\$[\s\S]*?\$\$/g, "''")
    .replace(/'(?:[^']|'')*'/g, "''")
    .replace(/\s+/g, ' ')
    .trim();
}

function blocking(text: string, made: ReadonlySet<string>, recorded: Recorded): string[] {
  const index = /^CREATE (?:UNIQUE )?INDEX (CONCURRENTLY )?(?:IF NOT EXISTS )?(\w+) ON (\w+)/i.exec(text);
  if (index !== null) return made.has(index[3] ?? '') ? [] : blockingIndex(index, recorded);
  const changed = /^(?:UPDATE|DELETE FROM) (\w+)/i.exec(text)?.[1];
  if (changed !== undefined && !made.has(changed) && changed !== 'schema_floor') {
    return /\bLIMIT\b/i.test(text) && recorded.alone ? [] : [`changes all rows of ${changed} at once`];
  }
  if (/^(LOCK|CLUSTER|VACUUM|REINDEX|REFRESH)\b/i.test(text)) return [`shuts a table: ${text}`];
  const [, table, actions] = /^ALTER TABLE (?:ONLY )?(\w+) (.*)$/i.exec(text) ?? [];
  if (table === undefined || made.has(table)) return [];
  return actionsOf(actions ?? '').flatMap((action) => blockingAction(action, table));
}

function blockingIndex([, concurrently, name, table]: RegExpExecArray, { texts, alone }: Recorded): string[] {
  if (concurrently === undefined) return [`stops writing to ${table} while it makes ${name}`];
  const repeats = texts.includes(`DROP INDEX CONCURRENTLY IF EXISTS ${name}`);
  const waits = texts.includes('SET lock_timeout = 0') && texts.includes('RESET lock_timeout');
  return alone && repeats && waits ? [] : [`makes ${name} in a way that fails, or cannot be repeated`];
}

function blockingAction(action: string, table: string): string[] {
  if (/^ADD COLUMN/i.test(action)) return blockingColumn(action, table);
  if (/^ADD CONSTRAINT \w+ (CHECK|FOREIGN KEY)/i.test(action) && !/NOT VALID$/i.test(action))
    return [`reads all of ${table}`];
  if (/^ADD (CONSTRAINT \w+ )?(UNIQUE|PRIMARY KEY|EXCLUDE)/i.test(action) && !/USING INDEX/i.test(action)) {
    return [`stops using ${table} while it makes an index`];
  }
  if (/^ALTER COLUMN \w+ (SET DATA )?TYPE/i.test(action)) return [`writes all of ${table} anew`];
  if (/^ALTER COLUMN \w+ SET NOT NULL/i.test(action)) return [`reads all of ${table}`];
  return /^SET (LOGGED|UNLOGGED|TABLESPACE|ACCESS METHOD)/i.test(action) ? [`writes all of ${table} anew`] : [];
}

/** Constants, and functions that PostgreSQL calls once a statement: kept beside the table instead of written to each row. */
const sameForAllRows = /^(''|-?\d[\d.]*|true|false|null|now\(\)|current_timestamp|pg_current_xact_id\(\))/i;

function blockingColumn(action: string, table: string): string[] {
  const value = /\bDEFAULT (\S+)/i.exec(action)?.[1];
  const same = value === undefined || sameForAllRows.test(value);
  if (!same || /\bGENERATED\b|\b\w*serial\b/i.test(action)) return [`writes all of ${table} anew`];
  if (/\b(CHECK|REFERENCES|UNIQUE)\b/i.test(action)) return [`reads all of ${table}`];
  return /\bNOT NULL\b/i.test(action) && value === undefined ? [`fails when ${table} has rows`] : [];
}

function takingAway(text: string, made: ReadonlySet<string>): string[] {
  const dropped = /^DROP (TABLE|FUNCTION|VIEW|TYPE|SEQUENCE) (?:IF EXISTS )?(\w+)/i.exec(text);
  if (dropped !== null) return [`takes ${dropped[2]} away`];
  const [, table, actions] = /^ALTER TABLE (?:ONLY )?(\w+) (.*)$/i.exec(text) ?? [];
  if (table === undefined || made.has(table)) return [];
  return actionsOf(actions ?? '').flatMap((action) => {
    const column = /^(?:DROP COLUMN|RENAME(?: COLUMN)?) (?:IF EXISTS )?(\w+)/i.exec(action)?.[1];
    return column === undefined ? [] : [`takes ${table}.${column} away`];
  });
}

/** At the commas that are not in parentheses or brackets. */
function actionsOf(actions: string): string[] {
  const parts = [''];
  let depth = 0;
  for (const sign of actions) {
    depth += '([{'.includes(sign) ? 1 : ')]}'.includes(sign) ? -1 : 0;
    if (sign === ',' && depth === 0) parts.push('');
    else parts[parts.length - 1] += sign;
  }
  return parts.map((part) => part.trim());
}
