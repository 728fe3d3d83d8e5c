// What is deleted, and when (security.md 5.10): on one page, for an auditor. That is why the tables of other modules are named here, which ops
// does nowhere else. The audit log is not in the list: our roles may not delete from it. A function of the database does that after 400 days
// (ADR 51).

export interface RetentionRule {
  readonly table: string;
  /** A timestamptz column of the table. */
  readonly column: string;
  /** Rows are deleted when their column is older than this. */
  readonly hours: number;
  /**
   * The column has no index, so all pages of the table are read: because it changes so often that an index would be costly (HOT updates), or
   * because the table is small. A test compares this with the schema.
   */
  readonly walked?: true;
  /** SQL condition: only these rows. */
  readonly only?: string;
}

const DAY = 24;

export const retentionRules: readonly RetentionRule[] = [
  { table: 'otp_attempts', column: 'expires_at', hours: DAY },
  { table: 'registrations', column: 'created_at', hours: DAY },
  // Later than any registration with such an invitation can end.
  { table: 'invites', column: 'expires_at', hours: 30 * DAY, walked: true },
  { table: 'rate_limits', column: 'touched_at', hours: 2 * DAY, walked: true },
  { table: 'unverified_sends', column: 'touched_at', hours: 2 * DAY, walked: true },
  // A window begins up to its length before the hit that it counts. How long windows may be: EnvLimit of limit.ts.
  { table: 'spend_windows', column: 'window_start', hours: 8 * DAY },
  { table: 'spend_alarms', column: 'window_start', hours: 8 * DAY, walked: true },
  { table: 'failure_budgets', column: 'touched_at', hours: 2 * DAY, walked: true },
  { table: 'gate_answers', column: 'expires_at', hours: 0, walked: true },
  { table: 'phone_rebinds', column: 'ended_at', hours: 30 * DAY },
  { table: 'notices', column: 'created_at', hours: 2 * DAY },
  // Of numbers that take messages again: the row changes nothing any more.
  { table: 'sms_opt_outs', column: 'said_at', hours: 90 * DAY, only: 'NOT stopped OR believed_until IS NOT NULL' },
  // By then the report has been written. The row of the import stays, so that its file is known.
  { table: 'user_import_refusals', column: 'created_at', hours: 30 * DAY },
  { table: 'sms_receipts', column: 'received_at', hours: 30 * DAY },
  { table: 'sms_deliveries', column: 'created_at', hours: 90 * DAY },
  { table: 'sms_refusals', column: 'at', hours: 90 * DAY },
  { table: 'mail_deliveries', column: 'created_at', hours: 90 * DAY },
  // Kept for 30 days after their end, so that an old refresh token is still recognised as used before.
  { table: 'sessions', column: 'expires_at', hours: 30 * DAY },
  { table: 'deleted_accounts', column: 'deleted_at', hours: 30 * DAY },
  // As long, for the tokens of devices.
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
