// What an import takes, and what it reports. Field names and codes are a contract: files and scripts of operators use them.

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

/** Why a line was refused. _duplicate: an earlier line of the same file has it; _taken: an account that was there before. */
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
  /** Of CSV: one ASCII character. */
  readonly delimiter: string;
  /** Name of a field in the file to our name. */
  readonly renamed: Readonly<Record<string, string>>;
  readonly ignoreUnknown: boolean;
  /** Addresses that the file calls verified count as verified: people log in with them and get codes there. */
  readonly trustEmails: boolean;
  /** Accounts keep the ids of the file, which are UUIDs. */
  readonly keepIds: boolean;
  /** Lines without a hash make accounts whose password has to be reset first. */
  readonly withoutPassword: boolean;
  /** Everybody has to choose a new password. */
  readonly mustChange: boolean;
  /** Text of a Firebase project's hash parameters. */
  readonly firebaseConfig: string | undefined;
}

export interface ImportRequest {
  readonly file: string;
  readonly settings: ImportSettings;
  /** Reports which lines would be refused, and writes nothing. */
  readonly dryRun: boolean;
  /** Imports a file once more that was imported to its end. */
  readonly again: boolean;
  readonly report: string;
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
  /** How often each code was given, most often first. */
  readonly codes: readonly { readonly code: string; readonly count: number }[];
}
