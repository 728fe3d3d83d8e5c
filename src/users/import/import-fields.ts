// Reads the fields of one record, under our names. A record with anything that is not understood is refused as a whole, with a code of
// user-import.types.ts. The content of a record is never quoted in a refusal, because it may be a password hash.
import { isUtf8 } from 'node:buffer';
import { parse } from 'csv-parse/sync';
import { type FieldName, fieldNames, type RefusalCode } from './user-import.types';

export type Fields = Partial<Record<FieldName, unknown>>;
export type ReadFields =
  { readonly ok: true; readonly fields: Fields } | { readonly ok: false; readonly code: RefusalCode };

export interface FieldRules {
  /** From names in the file to our names, where they differ. */
  readonly renamed: ReadonlyMap<string, string>;
  /** True: fields with unknown names are left out. False: a record with such a field is refused. */
  readonly ignoresUnknown: boolean;
}

/** The delimiter of a CSV file and the names of its columns. */
export interface Table {
  readonly delimiter: string;
  readonly columns: readonly string[];
}

const known: ReadonlySet<string> = new Set(fieldNames);

/** @returns our name of a field; undefined when the field is left out; null when the record is refused because of it */
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

/** @returns undefined when it is not one CSV record */
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
