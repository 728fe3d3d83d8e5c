// What an installation that has grown holds beside the people who are measured: accounts with a session, their history and counters, codes
// that are pending and codes that are over. Plain SQL, in steps, so that progress is seen; only columns that a row needs. Five million
// accounts take minutes, because no index is kept while rows come: each is made once, at the end. (An index that is not "ready" is passed
// over by inserts, and REINDEX makes it anew: a thing to do to a catalogue that lives for one run only.)
const { Client } = require('pg');

const STEP = 250_000;
/** For a load that is thrown away: what a commit waits for, and what each row is checked against, hold by construction. */
const SETTINGS = `SET synchronous_commit = off; SET session_replication_role = replica; SET work_mem = '64MB'; SET maintenance_work_mem = '1GB'`;

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

/** Challenges: pending for another hour; used in the last 20 hours, hence kept for now; or over for two days. */
const STATES = {
  pending: ["now() - interval '1 minute'", "now() + interval '1 hour'", 'NULL'],
  kept: ['at', "at + interval '5 minutes'", "at + interval '20 seconds'"],
  over: ["now() - interval '50 hours'", "now() - interval '49 hours'", "now() - interval '50 hours'"],
};

const challenges = (state) => (from, to) => {
  const [created, expires, consumed] = STATES[state];
  return `INSERT INTO otp_attempts (id, token_digest, purpose, key_id, code_length, subject_id, phone, max_failed, created_at, expires_at, consumed_at, sends, channel, client_id)
    SELECT ${uuid('n', state)}, sha256(('${state}' || n)::bytea), 'login', 'k1', 6, ${uuid('n', 'u')}, '+4915' || (10000000 + n), 5, ${created}, ${expires}, ${consumed}, ARRAY[${created}], 'sms', 'first-party'
    FROM ${series(from, to)}, LATERAL (SELECT now() - interval '10 minutes' - (n % 72000) * interval '1 second' AS at) used`;
};

async function insert(client, table, { rows, text }, tell) {
  for (let from = 1; from <= rows; from += STEP) {
    const to = Math.min(rows, from + STEP - 1);
    await client.query(text(from, to));
    tell(`${table}: ${to} of ${rows}`);
  }
}

/** Rows into a table whose indexes are made anew afterwards. That tells the planner how many rows there are, as time would. */
async function load(client, table, parts, tell) {
  const ready = (isReady) =>
    client.query(`UPDATE pg_index SET indisready = ${isReady} WHERE indrelid = '${table}'::regclass`);
  await ready(false);
  for (const part of parts) await insert(client, table, part, tell);
  tell(`${table}: indexes`);
  await ready(true);
  await client.query(`REINDEX TABLE ${table}`);
}

async function connected(url, work) {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(SETTINGS);
    await work(client);
  } finally {
    await client.end();
  }
}

/** So many accounts with what belongs to them, so many pending codes, so many that were used and are kept for a day. @param way to insert */
const fillBy =
  (way) =>
  (url, { users, pending, kept = 0 }, tell) =>
    connected(url, async (client) => {
      for (const [table, text] of Object.entries(TABLES)) await way(client, table, [{ rows: users, text }], tell);
      const codes = [
        { rows: kept, text: challenges('kept') },
        { rows: pending, text: challenges('pending') },
      ];
      await way(client, 'otp_attempts', codes, tell);
    });

const fill = fillBy(load);

/** The same as traffic would: indexes grow with the rows, and the planner is told nothing. */
const fillAsTraffic = fillBy(async (client, table, parts, tell) => {
  for (const part of parts) await insert(client, table, part, tell);
});

/** Challenges that the retention job has to take away. */
const fillOver = (url, rows, tell) =>
  connected(url, (client) => load(client, 'otp_attempts', [{ rows, text: challenges('over') }], tell));

const oldCounters = (from, to) => `INSERT INTO rate_limits (key, hits, touched_at)
  SELECT 'old:' || md5(n::text), ARRAY[now() - interval '3 days'], now() - interval '3 days' FROM ${series(from, to)}`;

/** Counters that nobody has touched for three days: without an index on that column, since each hit changes it. */
const fillOldCounters = (url, rows, tell) =>
  connected(url, (client) => load(client, 'rate_limits', [{ rows, text: oldCounters }], tell));

module.exports = { fill, fillAsTraffic, fillOldCounters, fillOver };
