// Accounts as an installation of a year has them: an open session and two records each, a delivery each, challenges of the last day.
// Only columns that every version has.
const STATEMENTS = (users) => ({
  users: `INSERT INTO users (id, phone, password_hash, last_authenticated_at, created_at)
    SELECT gen_random_uuid(), '+4915' || (10000000 + n), 'v1$k1$' || repeat('x', 60), now(), now() FROM generate_series(1, ${users}) n`,
  sessions: `INSERT INTO sessions (id, user_id, auth_epoch, client_id, amr, authenticated_at, created_at, last_used_at, expires_at, idle_expires_at, refresh_digest)
    SELECT gen_random_uuid(), id, 0, 'first-party', '{pwd,sms,mfa}', now(), now(), now(), now() + interval '30 days', now() + interval '7 days', sha256(id::text::bytea) FROM users`,
  audit_log: `INSERT INTO audit_log (at, event, user_id, address) SELECT now() - n * interval '1 second', 'authn_login_success', u.id, '192.0.2.1'
    FROM users u, generate_series(1, 2) n`,
  otp_attempts: `INSERT INTO otp_attempts (id, token_digest, purpose, key_id, code_length, subject_id, phone, max_failed, created_at, expires_at, consumed_at, sends, channel, client_id)
    SELECT gen_random_uuid(), sha256(id::text::bytea), 'login', 'k1', 6, id, phone, 5, now(), now(), now(), ARRAY[now()], 'sms', 'first-party' FROM users LIMIT ${Math.ceil(users / 10)}`,
  sms_deliveries: `INSERT INTO sms_deliveries (id, source, reference_id, send, provider, provider_id, phone_masked, country, channel, status, created_at, updated_at)
    SELECT gen_random_uuid(), 'otp', id, 1, 'telnyx', id::text, '+49********', 'DE', 'sms', 'delivered', now(), now() FROM users`,
});

/** @returns how many rows each table got */
async function populate(database, users, say) {
  const rows = {};
  for (const [table, text] of Object.entries(STATEMENTS(users))) {
    rows[table] = (await database.query(text)).rowCount;
    say(`${table}: ${rows[table]}`);
  }
  await database.query('VACUUM ANALYZE');
  return rows;
}

module.exports = { populate };
