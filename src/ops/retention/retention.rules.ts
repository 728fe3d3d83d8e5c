// What is deleted when (security.md 5.10), on one page for an auditor. Operations is an edge: it names other modules' tables
// here, and nowhere else, instead of asking each module for a purge fragment of its own. The audit log is not here: no role of ours
// may delete from it, and what lets go of it after 400 days is its own function (ADR 51).

export interface RetentionRule {
  readonly table: string;
  /** A timestamptz column of the table. */
  readonly column: string;
  /** Rows whose column lies further back than this go. */
  readonly hours: number;
  /**
   * The column has no index, since every hit changes it (HOT) or the table is small: its pages are walked through. A test compares
   * with the schema.
   */
  readonly walked?: true;
  /** Of those, only the rows of which this holds. */
  readonly only?: string;
}

const DAY = 24;

export const retentionRules: readonly RetentionRule[] = [
  { table: 'otp_attempts', column: 'expires_at', hours: DAY },
  { table: 'registrations', column: 'created_at', hours: DAY },
  // Longer than any registration under way with one.
  { table: 'invites', column: 'expires_at', hours: 30 * DAY, walked: true },
  { table: 'rate_limits', column: 'touched_at', hours: 2 * DAY, walked: true },
  { table: 'unverified_sends', column: 'touched_at', hours: 2 * DAY, walked: true },
  // A window of a day lives on for a day after its start; longer ones are the operator's own.
  { table: 'spend_windows', column: 'window_start', hours: 8 * DAY },
  { table: 'spend_alarms', column: 'window_start', hours: 8 * DAY, walked: true },
  { table: 'failure_budgets', column: 'touched_at', hours: 2 * DAY, walked: true },
  { table: 'gate_answers', column: 'expires_at', hours: 0, walked: true },
  { table: 'phone_rebinds', column: 'ended_at', hours: 30 * DAY },
  { table: 'notices', column: 'created_at', hours: 2 * DAY },
  // Who takes messages again: a word that changes nothing any more.
  { table: 'sms_opt_outs', column: 'said_at', hours: 90 * DAY, only: 'NOT stopped OR believed_until IS NOT NULL' },
  // By then the report was written; the import itself stays on record, so that its file is known.
  { table: 'user_import_refusals', column: 'created_at', hours: 30 * DAY },
  { table: 'sms_receipts', column: 'received_at', hours: 30 * DAY },
  { table: 'sms_deliveries', column: 'created_at', hours: 90 * DAY },
  { table: 'sms_refusals', column: 'at', hours: 90 * DAY },
  { table: 'mail_deliveries', column: 'created_at', hours: 90 * DAY },
  // Kept past the absolute end: an old refresh token must still be recognised as reuse.
  { table: 'sessions', column: 'expires_at', hours: 30 * DAY },
  { table: 'deleted_accounts', column: 'deleted_at', hours: 30 * DAY },
  // As long, so that an old device token is recognised too.
  { table: 'trusted_devices', column: 'expires_at', hours: 30 * DAY },
  // Jobs that used up their attempts: kept for the operator to look at, then dropped. The queue itself never deletes them.
  {
    table: 'graphile_worker._private_jobs',
    column: 'updated_at',
    hours: 7 * DAY,
    walked: true,
    only: 'attempts >= max_attempts AND locked_at IS NULL',
  },
  // Retired ones, once no token that they signed can live.
  { table: 'signing_keys', column: 'accepted_until', hours: 0, walked: true },
];
