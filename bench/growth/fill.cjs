// What an installation that has grown holds beside the people who are measured: accounts with a session, their history and counters, and
// codes that are pending. Plain SQL, in steps, so that progress is seen; only columns that a row needs.
const STEP = 100_000;

const series = (from, to) => `generate_series(${from}, ${to}) n`;
const uuid = (n, salt) => `md5('${salt}' || ${n})::uuid`;

/** Statement for rows from..to of each table, of so many for each account. */
const TABLES = {
  users: (from, to) => `INSERT INTO users (id, phone, password_hash, last_authenticated_at, created_at)
    SELECT ${uuid('n', 'u')}, '+4915' || (10000000 + n), 'v1$k1$' || repeat('x', 60), now(), now() FROM ${series(from, to)}`,
  sessions: (
    from,
    to,
  ) => `INSERT INTO sessions (id, user_id, auth_epoch, client_id, amr, authenticated_at, created_at, last_used_at, expires_at, idle_expires_at, refresh_digest)
    SELECT ${uuid('n', 's')}, ${uuid('n', 'u')}, 0, 'first-party', '{pwd,sms,mfa}', now(), now(), now(), now() + interval '30 days', now() + interval '7 days', sha256(n::text::bytea) FROM ${series(from, to)}`,
  audit_log: (from, to) => `INSERT INTO audit_log (at, event, user_id, address)
    SELECT now() - (n % 7000000) * interval '1 second', 'authn_login_success', ${uuid('n', 'u')}, '192.0.2.1' FROM ${series(from, to)}`,
  sms_deliveries: (
    from,
    to,
  ) => `INSERT INTO sms_deliveries (id, source, reference_id, send, provider, provider_id, phone_masked, country, channel, status, created_at, updated_at, converted)
    SELECT ${uuid('n', 'd')}, 'code', ${uuid('n', 'o')}, 1, 'telnyx', n::text, '+49********', 'DE', 'sms', 'delivered', now() - (n % 7000000) * interval '1 second', now(), true FROM ${series(from, to)}`,
  rate_limits: (from, to) => `INSERT INTO rate_limits (key, hits, touched_at)
    SELECT 'destination:' || md5(n::text), ARRAY[now()], now() FROM ${series(from, to)}`,
};

/** Challenges: pending for another hour, or over for two days. */
const challenges = (state, from, to) => {
  const [created, expires, consumed] =
    state === 'pending'
      ? ["now() - interval '1 minute'", "now() + interval '1 hour'", 'NULL']
      : ["now() - interval '50 hours'", "now() - interval '49 hours'", "now() - interval '50 hours'"];
  return `INSERT INTO otp_attempts (id, token_digest, purpose, key_id, code_length, subject_id, phone, max_failed, created_at, expires_at, consumed_at, sends, channel, client_id)
    SELECT ${uuid('n', state)}, sha256(('${state}' || n)::bytea), 'login', 'k1', 6, ${uuid('n', 'u')}, '+4915' || (10000000 + n), 5, ${created}, ${expires}, ${consumed}, ARRAY[${created}], 'sms', 'first-party' FROM ${series(from, to)}`;
};

async function inSteps(databases, url, rows, text, tell) {
  for (let from = 1; from <= rows; from += STEP) {
    await databases.query(url, text(from, Math.min(rows, from + STEP - 1)));
    tell(Math.min(rows, from + STEP - 1));
  }
}

/** So many accounts with what belongs to them, and so many pending codes. */
async function fill(databases, url, { users, pending }, progress) {
  for (const [table, text] of Object.entries(TABLES)) {
    await inSteps(databases, url, users, text, (rows) => progress(`${table}: ${rows} of ${users}`));
  }
  const text = (from, to) => challenges('pending', from, to);
  await inSteps(databases, url, pending, text, (rows) => progress(`pending codes: ${rows} of ${pending}`));
}

/** Challenges that the retention job has to take away. */
function fillOver(databases, url, rows, progress) {
  const text = (from, to) => challenges('over', from, to);
  return inSteps(databases, url, rows, text, (done) => progress(`challenges that are over: ${done} of ${rows}`));
}

/** Counters that nobody has touched for three days: without an index on that column, since each hit changes it. */
function fillOldCounters(databases, url, rows, progress) {
  const text = (from, to) => `INSERT INTO rate_limits (key, hits, touched_at)
    SELECT 'old:' || md5(n::text), ARRAY[now() - interval '3 days'], now() - interval '3 days' FROM ${series(from, to)}`;
  return inSteps(databases, url, rows, text, (done) => progress(`old counters: ${done} of ${rows}`));
}

module.exports = { fill, fillOldCounters, fillOver };
