// What an import takes, and what it reports. Field names and codes are a contract, because files and scripts of operators use them.

export const fieldNames = [
  'id',
  'phone',
  'email',
  'emailVerified',
  'displayName',
  'locale',
  'status',
  'mustChangePassword',
  'createdAt',
  'lastAuthenticatedAt',
  'passwordHash',
  'passwordSalt',
  'passwordKey',
] as const;

export type FieldName = (typeof fieldNames)[number];

/**
 * Why a line was refused. `phone_duplicate`: an earlier line of the same file has this number. `phone_taken`: an account that was not made by
 * this import has it. The same goes for ids and verified addresses.
 */
export type RefusalCode =
  | 'line_too_long'
  | 'encoding_invalid'
  | 'json_malformed'
  | 'csv_malformed'
  | 'field_unknown'
  | 'field_twice'
  | 'id_invalid'
  | 'phone_missing'
  | 'phone_not_supported'
  | 'email_invalid'
  | 'email_verified_invalid'
  | 'display_name_invalid'
  | 'locale_invalid'
  | 'status_invalid'
  | 'must_change_password_invalid'
  | 'created_at_invalid'
  | 'last_authenticated_at_invalid'
  | 'password_hash_missing'
  | 'password_hash_unknown'
  | 'password_hash_malformed'
  | 'password_hash_too_costly'
  | 'password_key_unknown'
  | 'id_duplicate'
  | 'id_taken'
  | 'phone_duplicate'
  | 'phone_taken'
  | 'email_duplicate'
  | 'email_taken';

export interface ImportSettings {
  readonly format: 'jsonl' | 'csv';
  /** Between the fields of CSV: one ASCII character. */
  readonly delimiter: string;
  /** From names of fields in the file to our names. */
  readonly renamed: Readonly<Record<string, string>>;
  readonly ignoreUnknown: boolean;
  /** Addresses that the file calls verified count as verified: people can log in with them and get codes there. */
  readonly trustEmails: boolean;
  /** Accounts keep the ids of the file, which are UUIDs. */
  readonly keepIds: boolean;
  /** Lines without a hash make accounts whose password has to be reset first. */
  readonly withoutPassword: boolean;
  /** Everybody has to choose a new password. */
  readonly mustChange: boolean;
  /** The hash parameters of a Firebase project, as text. */
  readonly firebaseConfig: string | undefined;
}

export interface ImportRequest {
  readonly file: string;
  readonly settings: ImportSettings;
  /** Reports which lines would be refused, and writes nothing to the database. */
  readonly dryRun: boolean;
  /** Imports a file once more even if it was imported to its end before. */
  readonly again: boolean;
  /** Path of the report to write. A file that is there is replaced. */
  readonly report: string;
  /** Who imports, for the audit log. */
  readonly actor: string;
}

export interface ImportProgress {
  readonly doneBytes: number;
  readonly fileBytes: number;
  readonly doneLines: number;
  readonly imported: number;
  readonly refused: number;
}

export interface ImportOutcome extends ImportProgress {
  readonly importId: string;
  /** begun: at the start of the file; resumed: where an earlier run had stopped; done: an earlier run had reached the end. */
  readonly run: 'begun' | 'resumed' | 'done';
  /** False when refused lines are no longer kept. Then nothing was written to the report, and `codes` is empty. */
  readonly isReported: boolean;
  /** How often each code was given, most often first. */
  readonly codes: readonly { readonly code: string; readonly count: number }[];
}
