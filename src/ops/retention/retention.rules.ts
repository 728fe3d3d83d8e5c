// What is deleted, and when (security.md 5.10), on one page for auditors. That is why this file names tables of other modules. The audit log is not
// in the list, because our roles may not delete from it. A function of the database does that after 400 days (ADR 51). Nor are the refused lines of
// imports, which go 30 days after the end of their import (import-refusals.sql.ts).

export interface RetentionRule {
  readonly table: string;
  /** A timestamptz column of the table. */
  readonly column: string;
  /** Rows are deleted when their column is older than this. */
  readonly hours: number;
  /**
   * The column has no index, so all pages of the table are read (deletions.sql.ts). It has none because the column changes so often that an index
   * would be costly (HOT updates), or because the table is small. A test compares this with the schema.
   */
  readonly walked?: true;
  /** SQL condition that a row must meet to be deleted. */
  readonly only?: string;
}

const DAY = 24;

export const retentionRules: readonly RetentionRule[] = [
  { table: 'otp_attempts', column: 'expires_at', hours: DAY },
  { table: 'registrations', column: 'created_at', hours: DAY },
  // By then every registration that uses the invitation has ended.
  { table: 'invites', column: 'expires_at', hours: 30 * DAY, walked: true },
  { table: 'rate_limits', column: 'touched_at', hours: 2 * DAY, walked: true },
  { table: 'unverified_sends', column: 'touched_at', hours: 2 * DAY, walked: true },
  // A window may have begun seven days before the last hit that it counts, since windows may be that long (spend.config.ts).
  { table: 'spend_windows', column: 'window_start', hours: 8 * DAY },
  { table: 'spend_alarms', column: 'window_start', hours: 8 * DAY, walked: true },
  { table: 'failure_budgets', column: 'touched_at', hours: 2 * DAY, walked: true },
  { table: 'gate_answers', column: 'expires_at', hours: 0, walked: true },
  { table: 'phone_rebinds', column: 'ended_at', hours: 30 * DAY },
  { table: 'notices', column: 'created_at', hours: 2 * DAY },
  // Only rows of numbers that take messages again. These rows have no effect any more.
  { table: 'sms_opt_outs', column: 'said_at', hours: 90 * DAY, only: 'NOT stopped OR believed_until IS NOT NULL' },
  { table: 'sms_receipts', column: 'received_at', hours: 30 * DAY },
  { table: 'sms_deliveries', column: 'created_at', hours: 90 * DAY },
  { table: 'sms_refusals', column: 'at', hours: 90 * DAY },
  { table: 'mail_deliveries', column: 'created_at', hours: 90 * DAY },
  // Kept for 30 days after their end, so that an old refresh token is still recognised as used before.
  { table: 'sessions', column: 'expires_at', hours: 30 * DAY },
  { table: 'deleted_accounts', column: 'deleted_at', hours: 30 * DAY },
  // Kept as long as sessions, and for the same reason: so that an old token of a device is still recognised as used before.
  { table: 'trusted_devices', column: 'expires_at', hours: 30 * DAY },
  // Jobs that have used up their attempts. Operators can look at them for a week. The queue itself never deletes them.
  {
    table: 'graphile_worker._private_jobs',
    column: 'updated_at',
    hours: 7 * DAY,
    walked: true,
    only: 'attempts >= max_attempts AND locked_at IS NULL',
  },
  // Only retired keys have this column. It is the time at which the last token that they have signed expires.
  { table: 'signing_keys', column: 'accepted_until', hours: 0, walked: true },
];
