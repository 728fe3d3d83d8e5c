// The minimal reference server of performance.md: raw node:http, one named statement per request, ES256 with a KeyObject, and the
// durable effects of the API: a challenge that is counted or consumed, the account's state, a session with its refresh state, audit
// rows, a message in an outbox that is delivered. It is what the house may cost nothing beside; it is no product.
const { createCipheriv, hkdfSync, randomBytes, randomUUID } = require('node:crypto');
const { Agent, request: httpRequest } = require('node:http');
const { compare } = require('bcrypt');
const { Pool } = require('pg');
const { digestOf } = require('../people.cjs');
const {
  REFUSED,
  TTL_SECONDS,
  accessTokenOf,
  claimsOf,
  codeOf,
  isCode,
  maskOf,
  serve,
  uuidOf,
} = require('./raw-http.cjs');

const { DATABASE_URL, SINK_URL, OTP_KEY } = process.env;
const pool = new Pool({ connectionString: DATABASE_URL, max: 8 });
const otpKey = Buffer.from(OTP_KEY, 'hex');

const newRefresh = (sessionId) =>
  `rf_${Buffer.concat([Buffer.from(sessionId.replaceAll('-', ''), 'hex'), randomBytes(32)]).toString('base64url')}`;

function sessionOf(refreshToken) {
  return uuidOf(Buffer.from(refreshToken.slice(3), 'base64url').toString('hex').slice(0, 32));
}

function seal(successor, presented) {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', Buffer.from(hkdfSync('sha256', presented, '', 'successor', 32)), nonce);
  return Buffer.concat([nonce, cipher.update(successor, 'utf8'), cipher.final(), cipher.getAuthTag()]);
}

const statements = {
  account: `SELECT id, phone, password_hash FROM users WHERE phone = $1 AND status = 'active'`,
  issue: `WITH made AS (
      INSERT INTO challenges (digest, user_id, phone, max_failed, created_at, expires_at, sends, resend_at)
      VALUES ($1, $2, $3, 5, $4, $4::timestamptz + interval '5 minutes', 1, $4::timestamptz + interval '30 seconds') RETURNING digest
    ), noted AS (INSERT INTO audit_log (at, event, user_id, request_id, address) VALUES ($4, 'otp_sent', $2, $5, $6))
    INSERT INTO outbox (digest, phone) SELECT digest, $3 FROM made RETURNING id`,
  verify: `WITH acct AS MATERIALIZED (
      SELECT u.id FROM users u JOIN challenges c ON c.user_id = u.id WHERE c.digest = $1 AND u.status = 'active' AND u.fails < 100 FOR NO KEY UPDATE OF u
    ), hit AS (
      UPDATE challenges c SET failed = c.failed + CASE WHEN $2::boolean THEN 0 ELSE 1 END, consumed_at = CASE WHEN $2::boolean THEN $3::timestamptz END
        FROM acct WHERE c.digest = $1 AND c.consumed_at IS NULL AND c.failed < c.max_failed AND c.expires_at > $3::timestamptz RETURNING c.user_id
    ), account AS (
      UPDATE users u SET fails = CASE WHEN $2::boolean THEN 0 ELSE u.fails + 1 END,
             last_authenticated_at = CASE WHEN $2::boolean THEN $3::timestamptz ELSE u.last_authenticated_at END
        FROM hit WHERE u.id = hit.user_id RETURNING u.id, u.phone, u.created_at
    ), made AS (
      INSERT INTO sessions (id, user_id, refresh_digest, created_at, last_used_at, expires_at, address, user_agent)
      SELECT $4::uuid, user_id, $5::bytea, $3::timestamptz, $3::timestamptz, $3::timestamptz + interval '30 days', $7, $8 FROM hit WHERE $2::boolean RETURNING id
    ), noted AS (
      INSERT INTO audit_log (at, event, user_id, session_id, request_id, address)
      SELECT $3::timestamptz, more.event, hit.user_id, (SELECT id FROM made), $6, $7 FROM hit
        CROSS JOIN unnest(CASE WHEN $2::boolean THEN ARRAY['otp_success', 'authn_login_success', 'session_created'] ELSE ARRAY['otp_fail'] END) AS more(event)
    ) SELECT account.* FROM account`,
  refresh: `WITH done AS (
      UPDATE sessions s SET generation = s.generation + 1, previous_digest = s.refresh_digest, refresh_digest = $3::bytea, sealed = $4::bytea,
             last_used_at = $5::timestamptz, address = $7, user_agent = $8 FROM users u
       WHERE s.id = $1 AND s.refresh_digest = $2::bytea AND s.revoked_at IS NULL AND s.expires_at > $5::timestamptz AND u.id = s.user_id AND u.status = 'active'
      RETURNING s.user_id, u.phone, u.created_at
    ), noted AS (
      INSERT INTO audit_log (at, event, user_id, session_id, request_id, address) SELECT $5::timestamptz, 'session_renewed', user_id, $1, $6, $7 FROM done
    ) SELECT user_id AS id, phone, created_at FROM done`,
  me: `SELECT u.id, u.phone, u.created_at FROM sessions s JOIN users u ON u.id = s.user_id
       WHERE s.id = $1 AND s.revoked_at IS NULL AND s.expires_at > $2::timestamptz AND u.status = 'active'`,
  resend: `WITH hit AS (
      UPDATE challenges c SET sends = c.sends + 1, resend_at = $2::timestamptz + interval '60 seconds'
       WHERE c.digest = $1 AND c.consumed_at IS NULL AND c.failed < c.max_failed AND c.expires_at > $2::timestamptz AND c.resend_at <= $2::timestamptz AND c.sends < 4
      RETURNING c.digest, c.phone, c.user_id
    ), noted AS (INSERT INTO audit_log (at, event, user_id, request_id, address) SELECT $2::timestamptz, 'otp_sent', user_id, $3, $4 FROM hit)
    INSERT INTO outbox (digest, phone) SELECT digest, phone FROM hit RETURNING phone`,
};

async function run(name, values) {
  const { rows } = await pool.query({ name, text: statements[name], values });
  return rows[0];
}

const userIn = ({ id, phone, created_at }) => ({ id, phone: maskOf(phone), createdAt: created_at });
const tokensOf = (row, sessionId, at, refreshToken) => ({
  status: 200,
  body: {
    tokenType: 'Bearer',
    accessToken: accessTokenOf({
      sub: row.id,
      client_id: 'first-party',
      sid: sessionId,
      auth_time: Math.floor(at / 1000),
      amr: ['pwd', 'sms', 'mfa'],
      phone_number_verified: true,
    }),
    expiresIn: TTL_SECONDS,
    refreshToken,
    user: userIn(row),
  },
});

// The outbox: each message is handed to a vendor over HTTP and noted as sent.
const agent = new Agent({ keepAlive: true, maxSockets: 8 });
let moving = 0;
function wakeMover() {
  if (moving < 8) void move();
}
async function move() {
  moving += 1;
  try {
    for (;;) {
      const { rows } = await pool.query({
        name: 'take',
        text: `UPDATE outbox SET taken_at = now() WHERE id = (SELECT id FROM outbox WHERE taken_at IS NULL ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED) RETURNING id, digest, phone`,
      });
      if (rows.length === 0) return;
      const vendorId = await hand({ to: rows[0].phone, text: `Your code is ${codeOf(otpKey, rows[0].digest)}` });
      await pool.query({
        name: 'sent',
        text: 'UPDATE outbox SET sent_at = now(), vendor_id = $2 WHERE id = $1',
        values: [rows[0].id, vendorId],
      });
    }
  } finally {
    moving -= 1;
  }
}
function hand(message) {
  const body = JSON.stringify(message);
  return new Promise((resolve, reject) => {
    const sent = httpRequest(
      SINK_URL,
      {
        method: 'POST',
        agent,
        headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
      },
      (answer) => {
        let text = '';
        answer
          .setEncoding('utf8')
          .on('data', (part) => (text += part))
          .on('end', () => resolve(JSON.parse(text).id));
      },
    );
    sent.on('error', reject).end(body);
  });
}

serve({
  'POST /v1/auth/login': async ({ identifier, password }, { requestId, address }) => {
    const account = await run('account', [identifier]);
    if (account === undefined || !(await compare(password, account.password_hash))) return REFUSED;
    const token = `lg6_k1_${randomBytes(32).toString('base64url')}`;
    await run('issue', [digestOf(token), account.id, account.phone, new Date(), requestId, address]);
    wakeMover();
    return { status: 200, body: { challengeToken: token, expiresIn: 300, resendAfter: 30 } };
  },
  'POST /v1/auth/otp/verify': async ({ challengeToken, code }, { requestId, address, userAgent }) => {
    const digest = digestOf(challengeToken);
    const matched = isCode(codeOf(otpKey, digest), code);
    const now = new Date();
    const sessionId = randomUUID();
    const refreshToken = newRefresh(sessionId);
    const row = await run('verify', [
      digest,
      matched,
      now,
      sessionId,
      digestOf(refreshToken),
      requestId,
      address,
      userAgent,
    ]);
    if (row === undefined || !matched) return REFUSED;
    return tokensOf(row, sessionId, now, refreshToken);
  },
  'POST /v1/auth/token/refresh': async ({ refreshToken }, { requestId, address, userAgent }) => {
    const sessionId = sessionOf(refreshToken);
    const next = newRefresh(sessionId);
    const now = new Date();
    const row = await run('refresh', [
      sessionId,
      digestOf(refreshToken),
      digestOf(next),
      seal(next, refreshToken),
      now,
      requestId,
      address,
      userAgent,
    ]);
    if (row === undefined) return REFUSED;
    return tokensOf(row, sessionId, now, next);
  },
  'GET /v1/users/me': async (_body, { bearer }) => {
    const claims = claimsOf(bearer);
    if (claims === undefined) return REFUSED;
    const row = await run('me', [claims.sid, new Date()]);
    return row === undefined ? REFUSED : { status: 200, body: userIn(row) };
  },
  'POST /v1/auth/otp/resend': async ({ challengeToken }, { requestId, address }) => {
    const row = await run('resend', [digestOf(challengeToken), new Date(), requestId, address]);
    if (row === undefined) return REFUSED;
    wakeMover();
    return { status: 202, body: { challengeToken, resendAfter: 60, expiresIn: 300 } };
  },
});
