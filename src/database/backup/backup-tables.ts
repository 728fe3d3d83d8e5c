// What goes into a backup: every table of ours, with those columns whose values mean the same on another server. Parents come before
// children, so that the tables can be filled in this order.
import type { Client } from 'pg';
import { escapeIdentifier } from 'pg';

export interface BackupTable {
  readonly name: string;
  readonly columns: readonly string[];
}

// Left out: transaction ids, which belong to one server and are given anew; and the list of migrations, which is a fact of the target.
const tablesText = `
  SELECT c.relname AS name, array_agg(a.attname::text ORDER BY a.attnum) AS columns
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
   WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND c.relname <> 'migrations'
     AND a.attgenerated = '' AND a.atttypid <> 'xid8'::regtype
   GROUP BY c.relname ORDER BY c.relname`;
const parentsText = `
  SELECT child.relname AS child, parent.relname AS parent FROM pg_constraint f
    JOIN pg_class child ON child.oid = f.conrelid JOIN pg_class parent ON parent.oid = f.confrelid
   WHERE f.contype = 'f' AND child.relnamespace = 'public'::regnamespace AND child.oid <> parent.oid`;

/** @throws Error when tables refer to each other in a circle, which no order could fill */
export async function tablesOf(client: Client): Promise<BackupTable[]> {
  const { rows: tables } = await client.query<BackupTable>(tablesText);
  const { rows: links } = await client.query<{ child: string; parent: string }>(parentsText);
  const ordered: BackupTable[] = [];
  let left = tables;
  while (left.length > 0) {
    const waiting = new Set(left.map(({ name }) => name));
    const free = left.filter(({ name }) => !links.some(({ child, parent }) => child === name && waiting.has(parent)));
    if (free.length === 0) throw new Error(`tables in a circle: ${[...waiting].join(', ')}`);
    ordered.push(...free);
    left = left.filter((table) => !free.includes(table));
  }
  return ordered;
}

export async function migrationsOf(client: Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>('SELECT name FROM migrations ORDER BY name');
  return rows.map(({ name }) => name);
}

/** For COPY: `"name" ("a", "b")`. */
export function copyTarget({ name, columns }: BackupTable): string {
  return `${escapeIdentifier(name)} (${columns.map(escapeIdentifier).join(', ')})`;
}
