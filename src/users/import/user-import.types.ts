// What an import of accounts is given, and what it says. Field names and codes are a contract: operators' files and scripts have them.

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
  /** Of CSV. */
  readonly delimiter: string;
  /** Their field name to ours. */
  readonly renamed: Readonly<Record<string, string>>;
  readonly ignoreUnknown: boolean;
  /** Addresses that the file calls verified count as such: login name and channel of recovery. */
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
  /** Everything but the accounts: what would be refused, nothing kept. */
  readonly dryRun: boolean;
  /** Once more, though the same file is done. */
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
  /** begun: from the start; resumed: from where an earlier run had stopped; done: by an earlier run, nothing was left. */
  readonly run: 'begun' | 'resumed' | 'done';
  /** How often each code was given, most often first. */
  readonly codes: readonly { readonly code: string; readonly count: number }[];
}
