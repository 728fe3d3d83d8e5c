// Looks at a file before its first record is read: whether it exists and is text, its digest, and the columns of a CSV file. A file that
// cannot be imported at all is refused here, before anything is written.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { OperatorError } from '../../platform/process/operator-error';
import { csvFields, type FieldRules, ourName, type Table } from './import-fields';
import { MAX_RECORD_BYTES, type Place, RecordScanner } from './record-scanner';
import type { ImportSettings } from './user-import.types';

const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);
/** How files of other common formats begin. */
const otherFormats = [
  { start: Buffer.from([0xff, 0xfe]), what: 'is in UTF-16' },
  { start: Buffer.from([0xfe, 0xff]), what: 'is in UTF-16' },
  { start: Buffer.from([0x1f, 0x8b]), what: 'is compressed' },
  { start: Buffer.from('PK\u0003\u0004'), what: 'is an archive or a spreadsheet' },
] as const;

export interface ImportFile {
  readonly bytes: number;
  /** SHA-256 of the content and of the settings of the import: the same file with other settings is another import. */
  readonly digest: Buffer;
  readonly table: Table | undefined;
  /** Where the first record of an account begins. */
  readonly start: Place;
}

/** Reads the whole file once, for the digest. @throws OperatorError when it cannot be imported */
export async function inspectFile(file: string, settings: ImportSettings, rules: FieldRules): Promise<ImportFile> {
  const found = await stat(file).catch(() => undefined);
  if (found?.isFile() !== true) throw new OperatorError(`there is no file ${file}`);
  const head = await headOf(file);
  const other = otherFormats.find(({ start }) => head.subarray(0, start.length).equals(start));
  if (other !== undefined) throw new OperatorError(`${file} ${other.what}: it has to be plain text in UTF-8`);
  const hasMark = head.subarray(0, BYTE_ORDER_MARK.length).equals(BYTE_ORDER_MARK);
  const first = { bytes: hasMark ? BYTE_ORDER_MARK.length : 0, lines: 0 };
  const header = settings.format === 'csv' ? headerOf(head.subarray(first.bytes), first, settings, rules) : undefined;
  const digest = await digestOf(file, found.size, settings);
  return { bytes: found.size, digest, table: header?.table, start: header?.start ?? first };
}

async function headOf(file: string): Promise<Buffer> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(MAX_RECORD_BYTES + BYTE_ORDER_MARK.length), 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

function headerOf(head: Buffer, first: Place, { delimiter }: ImportSettings, rules: FieldRules) {
  const scanner = new RecordScanner(first, delimiter);
  const [record] = [...scanner.push(head), ...scanner.end()];
  const columns = record?.bytes === undefined ? undefined : csvFields(record.bytes, delimiter);
  if (record === undefined || columns === undefined) throw new OperatorError('the first line has to name the columns');
  const ours = columns.map((column) => ourName(column, rules));
  const unknown = columns.filter((_, at) => ours[at] === null).map((column) => JSON.stringify(column.slice(0, 40)));
  if (unknown.length > 0) throw new OperatorError(`unknown columns: ${unknown.slice(0, 10).join(', ')}`);
  const names = ours.filter((name) => name !== undefined);
  if (new Set(names).size < names.length) throw new OperatorError('a column is there twice');
  if (!names.includes('phone')) throw new OperatorError('there is no column phone');
  return { table: { delimiter, columns }, start: { bytes: record.end, lines: record.endLine } };
}

async function digestOf(file: string, bytes: number, settings: ImportSettings): Promise<Buffer> {
  const hash = createHash('sha256').update(`${JSON.stringify(settings)}\n`);
  if (bytes === 0) return hash.digest();
  for await (const chunk of createReadStream(file, { end: bytes - 1 })) hash.update(chunk as Buffer);
  return hash.digest();
}
