// From the bytes of one record to its fields, by our names: text, truth values, or nothing. Whatever is not understood whole is refused
// with a code of user-import.types.ts and quoted nowhere.
import { isUtf8 } from 'node:buffer';
import { parse } from 'csv-parse/sync';
import { type FieldName, fieldNames, type RefusalCode } from './user-import.types';

export type Fields = Partial<Record<FieldName, unknown>>;
export type ReadFields =
  { readonly ok: true; readonly fields: Fields } | { readonly ok: false; readonly code: RefusalCode };

export interface FieldRules {
  /** Their name of a field to ours, where they differ. */
  readonly renamed: ReadonlyMap<string, string>;
  /** Names that are neither are passed over instead of refused. */
  readonly ignoresUnknown: boolean;
}

/** A CSV file's delimiter and the names of its columns. */
export interface Table {
  readonly delimiter: string;
  readonly columns: readonly string[];
}

const known: ReadonlySet<string> = new Set(fieldNames);

/** Our name of theirs; undefined for a field that is passed over. @returns null for one that has to be refused */
export function ourName(theirs: string, { renamed, ignoresUnknown }: FieldRules): FieldName | null | undefined {
  const name = renamed.get(theirs) ?? theirs;
  if (known.has(name)) return name as FieldName;
  return ignoresUnknown ? undefined : null;
}

/** @param table undefined for a JSON object */
export function readFields(bytes: Buffer | undefined, rules: FieldRules, table: Table | undefined): ReadFields {
  if (bytes === undefined) return { ok: false, code: 'line_too_long' };
  if (!isUtf8(bytes)) return { ok: false, code: 'encoding_invalid' };
  const entries = table === undefined ? jsonEntries(bytes) : csvEntries(bytes, table);
  return typeof entries === 'string' ? { ok: false, code: entries } : byOurNames(entries, rules);
}

function byOurNames(entries: readonly (readonly [string, unknown])[], rules: FieldRules): ReadFields {
  const fields: Fields = {};
  for (const [theirs, value] of entries) {
    const name = ourName(theirs, rules);
    if (name === null) return { ok: false, code: 'field_unknown' };
    if (name === undefined || value === null || value === '') continue;
    if (name in fields) return { ok: false, code: 'field_twice' };
    fields[name] = value;
  }
  return { ok: true, fields };
}

/** @returns the fields of a CSV record, undefined when it is none */
export function csvFields(bytes: Buffer, delimiter: string): string[] | undefined {
  try {
    const [fields, ...more]: string[][] = parse(bytes, { delimiter, record_delimiter: ['\n', '\r\n'] });
    return more.length === 0 ? fields : undefined;
  } catch {
    return undefined;
  }
}

function jsonEntries(bytes: Buffer): [string, unknown][] | RefusalCode {
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8'));
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? Object.entries(value) : 'json_malformed';
  } catch {
    return 'json_malformed';
  }
}

function csvEntries(bytes: Buffer, { delimiter, columns }: Table): [string, unknown][] | RefusalCode {
  const fields = csvFields(bytes, delimiter);
  if (fields?.length !== columns.length) return 'csv_malformed';
  return columns.map((column, at) => [column, fields[at]]);
}
