// Which of the data stored about a person is exported: table by table, column by column, on one page (ADR 46). A column is exported only if it
// is listed here. What is withheld is listed too, with the reason, and so are tables of which nothing is exported. The spec compares both
// lists with the schema of the database, so somebody has to decide about every table or column that is added.
import { refIsTheirs } from '../../audit/audit.sql';

export interface ExportSection {
  /** The name of this section in the document. */
  readonly name: string;
  readonly table: string;
  /** SQL FROM clause that gives the rows of the person as t, with $1 for the id of the account. By default `WHERE t.user_id = $1`. */
  readonly from?: string;
  /** Two columns that give the order of rows: a timestamptz, and a key that is unique among rows of the same time. */
  readonly order: readonly [at: string, id: string];
  readonly given: readonly string[];
  /** Columns that are not given, by reason. */
  readonly withheld: Readonly<Record<string, readonly string[]>>;
}

const SECRET = 'proves who somebody is, or helps to';
const GUARD = 'counts guesses, or tells how to evade the count';
const OWN = 'is the id of the person who asks';
const VENDOR = 'is the name that a vendor gives to it';

/** @param list names of columns or tables, with white space between them */
const names = (list: string) => list.split(/\s+/);

/**
 * SQL FROM clause for tables that do not name the account: finds the rows whose ids the audit log has as `ref` in events about the person.
 * OFFSET 0 makes the planner look up each id by the index instead of reading the whole table (P10).
 */
const namedInAudit = (table: string, column: string) => `FROM (
    SELECT DISTINCT a.ref FROM audit_log a WHERE a.user_id = $1 AND ${refIsTheirs} OFFSET 0
  ) mine JOIN ${table} t ON t.${column} = mine.ref WHERE true`;

export const exportSections: readonly ExportSection[] = [
  {
    name: 'accounts',
    table: 'users',
    from: 'FROM users t WHERE t.id = $1',
    order: ['created_at', 'id'],
    given: names(
      `id phone email email_verified_at display_name locale status created_at last_authenticated_at recovered_at
       must_change_password totp_enabled recovery_codes_left terms_version terms_accepted_at`,
    ),
    withheld: {
      [SECRET]: names('password_hash'),
      [GUARD]: names('auth_epoch second_factor_fails second_factor_consecutive password_failures'),
    },
  },
  {
    name: 'sessions',
    table: 'sessions',
    order: ['created_at', 'id'],
    given: names(
      `id client_id device_name user_agent address amr authenticated_at created_at last_used_at rotated_at expires_at
       idle_expires_at revoked_at revoked_reason refresh_generation token_delivery`,
    ),
    withheld: {
      [OWN]: names('user_id'),
      [SECRET]: names('refresh_digest previous_digest successor_sealed'),
      [GUARD]: names('auth_epoch previous_rotated_at rotations'),
    },
  },
  {
    name: 'challenges',
    table: 'otp_attempts',
    from: 'FROM otp_attempts t WHERE t.subject_id = $1',
    order: ['created_at', 'id'],
    given: names(
      `id purpose email phone methods verified_by channel locale client_id device_name token_delivery session_id created_at
       sends sent_another_way expires_at consumed_at revoked_at failed max_failed code_length code_proved_at`,
    ),
    withheld: {
      [OWN]: names('subject_id'),
      [SECRET]: names('token_digest key_id decoy phone_shown'),
      [GUARD]: names('auth_epoch budget_key resend_at'),
      [VENDOR]: names('verifier vendor_ref vendor_ended'),
      'is filled in decoys only': names('told_locale'),
    },
  },
  {
    name: 'authenticatorApps',
    table: 'totp_secrets',
    order: ['created_at', 'id'],
    given: names('id created_at confirmed_at'),
    withheld: {
      [OWN]: names('user_id'),
      [SECRET]: names('secret_sealed last_step'),
      [GUARD]: names('failed auth_epoch'),
    },
  },
  {
    name: 'trustedDevices',
    table: 'trusted_devices',
    order: ['created_at', 'id'],
    given: names(
      `id device_name user_agent address created_at last_used_at rotated_at expires_at revoked_at revoked_reason generation
       token_delivery`,
    ),
    withheld: {
      [OWN]: names('user_id'),
      [SECRET]: names('token_digest previous_digest successor_sealed'),
      [GUARD]: names('auth_epoch previous_rotated_at passwords_tried'),
    },
  },
  {
    name: 'recoveryCodes',
    table: 'recovery_codes',
    order: ['created_at', 'user_id'],
    given: names('created_at'),
    withheld: { [OWN]: names('user_id'), [SECRET]: names('salt unused') },
  },
  {
    name: 'phoneRebinds',
    table: 'phone_rebinds',
    order: ['requested_at', 'id'],
    given: names('id phone requested_at wait_hours started_at moves_at ended_at outcome'),
    withheld: {
      [OWN]: names('user_id'),
      [GUARD]: names('auth_epoch'),
      'names operators, or is a note of theirs': names('requested_by approved_by reason'),
    },
  },
  {
    name: 'notices',
    table: 'notices',
    from: namedInAudit('notices', 'id'),
    order: ['created_at', 'id'],
    given: names('id name phone email locale created_at'),
    withheld: {},
  },
  {
    name: 'deliveries',
    table: 'sms_deliveries',
    from: namedInAudit('sms_deliveries', 'reference_id'),
    order: ['created_at', 'id'],
    given: names(
      `id source reference_id send provider phone_masked country channel status failure_kind segments created_at updated_at
       sent_at delivered_at converted`,
    ),
    withheld: {
      [VENDOR]: names('provider_id vendor_code'),
      'is what the operator pays': names('expected_price expected_currency price currency'),
      'is filled in decoys only': names('arrives_at'),
    },
  },
  {
    name: 'mails',
    table: 'mail_deliveries',
    from: namedInAudit('mail_deliveries', 'reference_id'),
    order: ['created_at', 'id'],
    given: names('id source reference_id send address_masked status failure created_at updated_at'),
    withheld: {},
  },
  {
    name: 'auditEvents',
    table: 'audit_log',
    order: ['at', 'id'],
    given: names('id at event session_id ref request_id address amr phone_tail reason'),
    withheld: {
      'is a digest of what is given elsewhere': names('phone_hmac ua_hash'),
      [OWN]: names('user_id'),
      'may name an operator': names('meta'),
      'orders the log for the webhook': names('xact'),
    },
  },
];

/** Tables of which nothing is exported, by reason. */
export const notExported: Readonly<Record<string, readonly string[]>> = {
  'holds nothing about a person': names(
    `api_clients audit_webhook migrations signing_keys database_state schema_floor spend_alarms alarms gate_answers
       sms_refusals spend_windows worker_heartbeats job_outbox user_imports user_import_refusals`,
  ),
  'counts for two days what a number or network did, by its keyed digest; the number or network may have several owners':
    names('failure_budgets rate_limits unverified_sends'),
  'belongs to nobody yet: whoever wrote it has not proved the number, and it is deleted after a day':
    names('registrations'),
  'is what vendors have told about deliveries, and the section deliveries shows it': names('sms_receipts'),
  'belongs to the operator, and says who may register': names('invites'),
  'is what was said from a number, under its keyed digest; somebody who had the number before may have said it':
    names('sms_opt_outs'),
  'is about accounts that have been deleted': names('deleted_accounts'),
};
