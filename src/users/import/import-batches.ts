// Reads a file from a given place on, and returns its records in batches. A batch has accounts, refused lines and the place where it ends.
// Invariants: no two accounts of one batch share an id, a phone or a verified address, since one statement writes them all and could not tell
// which came first. The batches do not depend on how the bytes arrive, so an import that was stopped and goes on makes the same batches.
import { createReadStream } from 'node:fs';
import { type FieldRules, readFields, type Table } from './import-fields';
import { accountOf, type ImportedAccount, type LineRules } from './import-line.policy';
import { type FileRecord, type Place, RecordScanner } from './record-scanner';
import type { RefusalCode } from './user-import.types';

const CHUNK_BYTES = 256 * 1024;
const MAX_ACCOUNTS = 1000;
const MAX_RECORDS = 5000;

export interface NumberedAccount extends ImportedAccount {
  readonly line: number;
}

export interface Batch {
  readonly from: Place;
  readonly to: Place;
  /** Whether the file ends with this batch. */
  readonly isLast: boolean;
  readonly accounts: readonly NumberedAccount[];
  readonly refused: readonly { readonly line: number; readonly code: RefusalCode }[];
}

export interface BatchSource {
  readonly file: string;
  readonly fileBytes: number;
  readonly from: Place;
  readonly fields: FieldRules;
  /** Undefined for JSON lines. */
  readonly table: Table | undefined;
  readonly lines: LineRules;
}

/** Gives at least one batch, also for an empty file, because the last batch marks the import as finished. */
export async function* batchesOf(source: BatchSource): AsyncGenerator<Batch> {
  let batch = new GrowingBatch(source.from);
  for await (const record of recordsOf(source)) {
    const read = readRecord(record, source);
    if (typeof read === 'object' && batch.clashesWith(read)) {
      yield batch.done();
      batch = new GrowingBatch(batch.to);
    }
    batch.add(record, read);
    if (batch.isFull) {
      yield batch.done();
      batch = new GrowingBatch(batch.to);
    }
  }
  yield batch.done(source.fileBytes);
}

/** @returns undefined for a blank line */
function readRecord(
  record: FileRecord,
  { fields, table, lines }: BatchSource,
): NumberedAccount | RefusalCode | undefined {
  const { bytes, line } = record;
  if (bytes !== undefined && isBlank(bytes)) return undefined;
  const read = readFields(bytes, fields, table);
  const account = read.ok ? accountOf(read.fields, lines) : read;
  return account.ok ? { ...account.account, line } : account.code;
}

function isBlank(bytes: Buffer): boolean {
  return bytes.every((byte) => byte === 0x20 || byte === 0x09);
}

async function* recordsOf({ file, fileBytes, from, table }: BatchSource): AsyncGenerator<FileRecord> {
  const scanner = new RecordScanner(from, table?.delimiter);
  if (from.bytes >= fileBytes) return;
  const chunks = createReadStream(file, { start: from.bytes, end: fileBytes - 1, highWaterMark: CHUNK_BYTES });
  for await (const chunk of chunks) yield* scanner.push(chunk as Buffer);
  yield* scanner.end();
}

class GrowingBatch {
  private readonly accounts: NumberedAccount[] = [];
  private readonly refused: { line: number; code: RefusalCode }[] = [];
  private readonly unique = new Set<string>();
  private records = 0;
  to: Place;

  constructor(private readonly from: Place) {
    this.to = from;
  }

  get isFull(): boolean {
    return this.accounts.length >= MAX_ACCOUNTS || this.records >= MAX_RECORDS;
  }

  clashesWith(account: NumberedAccount): boolean {
    return keysOf(account).some((key) => this.unique.has(key));
  }

  add({ line, end, endLine }: FileRecord, read: NumberedAccount | RefusalCode | undefined): void {
    this.to = { bytes: end, lines: endLine };
    this.records += 1;
    if (typeof read === 'string') this.refused.push({ line, code: read });
    if (typeof read !== 'object') return;
    this.accounts.push(read);
    for (const key of keysOf(read)) this.unique.add(key);
  }

  done(fileBytes?: number): Batch {
    const { from, to, accounts, refused } = this;
    const isLast = fileBytes !== undefined;
    return { from, to: isLast ? { ...to, bytes: fileBytes } : to, isLast, accounts, refused };
  }
}

function keysOf({ id, phone, email, emailVerifiedAt }: ImportedAccount): string[] {
  return emailVerifiedAt === null || email === null ? [id, phone] : [id, phone, email];
}
