// Ends everything that an older state of the database may have brought back to life (ADR 72). The statements run as the owner of the tables, in
// one transaction. The tables belong to several modules, because the floor has to end what each of them has.

/**
 * $1 now, for each of them; those that do not need the time name it in a condition that is always true. The accounts come first, because they
 * are locked first everywhere (protocol.md 1.2).
 */
export const FLOOR: readonly string[] = [
  // The new epoch ends sessions, trusted devices, step-ups and challenges of accounts. Passwords must change: they may be older ones again.
  `UPDATE users SET auth_epoch = auth_epoch + 1, must_change_password = true, recovery_codes_left = 0 WHERE $1::timestamptz IS NOT NULL`,
  // Challenges and registrations without an account have no epoch.
  'DELETE FROM otp_attempts WHERE $1::timestamptz IS NOT NULL',
  'DELETE FROM registrations WHERE $1::timestamptz IS NOT NULL',
  // Since the backup, recovery codes may have been used, an enrolment of an app may have ended, and codes of apps may have been entered.
  'DELETE FROM recovery_codes WHERE $1::timestamptz IS NOT NULL',
  'DELETE FROM totp_secrets WHERE confirmed_at IS NULL AND $1::timestamptz IS NOT NULL',
  `UPDATE totp_secrets SET last_step = greatest(last_step, (extract(epoch FROM $1::timestamptz) / 30)::int + 1)`,
  `UPDATE phone_rebinds SET ended_at = $1, outcome = 'cancelled' WHERE ended_at IS NULL`,
  'UPDATE invites SET revoked_at = $1 WHERE revoked_at IS NULL',
  // The secret in the backup may have leaked and been replaced since. It is replaced by one that nobody knows: the operator has to rotate it.
  `UPDATE api_clients SET secret_digest = sha256(decode(replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''), 'hex')),
     secret_created_at = $1, updated_at = $1 WHERE deleted_at IS NULL`,
  // One of the signing keys may have been revoked since. The next start makes new ones.
  'DELETE FROM signing_keys WHERE $1::timestamptz IS NOT NULL',
];

/** $1 the highest mark that was seen from here. The table may have a higher one, of another instance. Gives the new mark, above all of these. */
export const MARK = `UPDATE database_state SET mark = next, floor_mark = next FROM (
     SELECT greatest(mark + 1, floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint, $1::bigint + 1, went_back_mark + 1) AS next FROM database_state
   ) floor RETURNING id, mark::float8 AS mark`;

/** $1 now, $2 who asks, $3 process id. */
export const NOTE = `INSERT INTO audit_log (at, event, meta) VALUES ($1, 'state_floor_raised', jsonb_build_object('by', $2::text, 'pid', $3::int))`;
