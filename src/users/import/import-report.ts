// The report of an import: its refused lines in their order, as JSON lines. It is made from the rows in the database, so it is complete however
// often the import was stopped. Retention deletes these rows some time after its end (import-refusals.sql.ts). The file gets its final name only
// when it is complete.
import { createWriteStream } from 'node:fs';
import { rename } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Sql } from '../../database/sql';
import { refusalsOfImport } from './user-import.sql';

const PAGE = 5000;
const OWNER_ONLY = 0o600;

export async function writeReport(sql: Sql, importId: string, path: string): Promise<void> {
  const unfinished = `${path}.part`;
  await pipeline(Readable.from(pagesOf(sql, importId)), createWriteStream(unfinished, { mode: OWNER_ONLY }));
  await rename(unfinished, path);
}

async function* pagesOf(sql: Sql, importId: string): AsyncGenerator<string> {
  for (let last = 0; ;) {
    const rows = await sql.run<{ line: number; code: string }>(refusalsOfImport, [importId, last, PAGE]);
    const newest = rows.at(-1);
    if (newest === undefined) return;
    last = newest.line;
    yield rows.map(({ line, code }) => `${JSON.stringify({ line, code })}\n`).join('');
  }
}
