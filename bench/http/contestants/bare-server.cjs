// The API's own tables, statements and formats of tokens behind raw node:http: what its promises cost without Nest, Fastify and the rest of
// the house. A verify, a refresh or a read of oneself leaves the same rows behind as in the API. What the rows do not show is left out: limits
// per address, the log, and refusals that say why.
const { createCipheriv, createHmac, hkdfSync, randomBytes, randomUUID, timingSafeEqual } = require('node:crypto');
const { join } = require('node:path');
require('reflect-metadata');
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

const { DATABASE_URL, DIST, SECRET_KEYS, LIMIT_FACTOR_ACCOUNT, LIMIT_REFRESH_FAMILY } = process.env;
const load = (path) => require(join(DIST, path));
const { Limit } = load('config/limit.js');
const { verifyAccount } = load('auth/second-factor/verify-account.sql.js');
const { signsIn } = load('auth/second-factor/verify-login.sql.js');
const { SmsMethod } = load('auth/second-factor/methods/sms.method.js');
const { rotateToken } = load('auth/sessions/refresh.sql.js');
const { SESSION_LIVENESS } = load('auth/sessions/session-liveness.sql.js');
const { ANY } = load('otp/otp.types.js');
const { connectionSettings } = load('database/pools.js');

const pool = new Pool({ ...connectionSettings, connectionString: DATABASE_URL, max: 8 });
const IDLE_MS = 30 * 86_400_000;
const KID = SECRET_KEYS.slice(0, SECRET_KEYS.indexOf(':'));
const secret = Buffer.from(SECRET_KEYS.slice(KID.length + 1), 'base64');
const derived = (info) => Buffer.from(hkdfSync('sha256', secret, '', info, 32));
const OTP_KEY = derived('latchkey/otp/v1');
const TAG_KEY = derived('latchkey/refresh-tag/v1');

/** A statement of the API and the names of its parameters, in order; what binds itself there is the browser's digest. */
function prepared(named) {
  const [{ name, text }, names] = named.with(new Proxy({}, { get: (_, parameter) => parameter }));
  return { name, text, names: names.map((parameter) => parameter ?? 'userAgentHash') };
}
const VERIFY = prepared(
  verifyAccount('verify_login', Limit.of(LIMIT_FACTOR_ACCOUNT).windows, signsIn, new SmsMethod().proof),
);
const REFRESH = prepared(rotateToken(Limit.of(LIMIT_REFRESH_FAMILY).windows));

async function run({ name, text, names }, parameters) {
  const { rows } = await pool.query({ name, text, values: names.map((parameter) => parameters[parameter]) });
  return rows[0];
}

const browserOf = (userAgent) => userAgent && digestOf(userAgent).toString('hex', 0, 16);
const prefixed = (text) => Buffer.concat([Buffer.of(text.length), Buffer.from(text)]);
const CODE_OF = Buffer.concat([prefixed('latchkey/otp/v1'), prefixed('login'), Buffer.of(6)]);

const tagOf = (body) => createHmac('sha256', TAG_KEY).update(body).digest().subarray(0, 16);
function refreshTokenOf(sessionId, generation) {
  const body = Buffer.alloc(52);
  body.write(sessionId.replaceAll('-', ''), 'hex');
  body.writeUInt32BE(generation, 16);
  randomBytes(32).copy(body, 20);
  return `rf_${KID}_${Buffer.concat([body, tagOf(body)]).toString('base64url')}`;
}
function partsOf(refreshToken) {
  const bytes = Buffer.from(refreshToken.slice(KID.length + 4), 'base64url');
  if (bytes.length !== 68 || !timingSafeEqual(bytes.subarray(52), tagOf(bytes.subarray(0, 52)))) return undefined;
  return {
    sessionId: uuidOf(bytes.toString('hex', 0, 16)),
    generation: bytes.readUInt32BE(16),
    aad: bytes.subarray(0, 20),
  };
}
function sealed(successor, presented, aad) {
  const extracted = createHmac('sha256', '').update(presented).digest();
  const key = createHmac('sha256', extracted).update('latchkey/refresh-successor/v1').update(Buffer.of(1)).digest();
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(aad);
  return Buffer.concat([nonce, cipher.update(successor, 'utf8'), cipher.final(), cipher.getAuthTag()]);
}

const userIn = (row) => ({
  id: row.id,
  phone: row.phone && maskOf(row.phone),
  email: row.email,
  emailVerified: row.emailVerifiedAt !== null,
  displayName: row.displayName,
  locale: row.locale,
  createdAt: row.createdAt,
  secondFactors: ['sms'],
});
const tokensOf = (row, sessionId, authenticatedAt, refreshToken) => ({
  status: 200,
  body: {
    tokenType: 'Bearer',
    accessToken: accessTokenOf({
      sub: row.id,
      client_id: row.clientId,
      sid: sessionId,
      auth_time: Math.floor(authenticatedAt / 1000),
      amr: row.amr ?? ['pwd', 'sms', 'mfa'],
      phone_number_verified: row.phone !== null,
    }),
    expiresIn: TTL_SECONDS,
    refreshToken,
    refreshExpiresIn: IDLE_MS / 1000,
    user: userIn(row),
  },
});

serve({
  'POST /v1/auth/otp/verify': async ({ challengeToken, code }, facts) => {
    const tokenDigest = digestOf(challengeToken);
    const isRight = isCode(codeOf(OTP_KEY, Buffer.concat([CODE_OF, tokenDigest])), code);
    const at = Date.now();
    const sessionId = randomUUID();
    const refreshToken = refreshTokenOf(sessionId, 0);
    const row = await run(VERIFY, {
      ...facts,
      userAgentHash: browserOf(facts.userAgent),
      now: new Date(at).toISOString(),
      tokenDigest,
      purpose: 'login',
      keyId: KID,
      matched: isRight ? [ANY] : [],
      wellFormed: true,
      cookieWelcome: true,
      sessionId,
      refreshDigest: digestOf(refreshToken),
      sessionExpiresAt: new Date(at + 3 * IDLE_MS),
      sessionIdleExpiresAt: new Date(at + IDLE_MS),
      amr: ['pwd', 'sms', 'mfa'],
    });
    return row?.outcome === 'ok' ? tokensOf(row, sessionId, at, refreshToken) : REFUSED;
  },
  'POST /v1/auth/token/refresh': async ({ refreshToken }, facts) => {
    const parts = partsOf(refreshToken);
    if (parts === undefined) return REFUSED;
    const successor = refreshTokenOf(parts.sessionId, parts.generation + 1);
    const now = new Date();
    const row = await run(REFRESH, {
      ...facts,
      userAgentHash: browserOf(facts.userAgent),
      now,
      sessionId: parts.sessionId,
      generation: parts.generation,
      carrier: 'body',
      presentedDigest: digestOf(refreshToken),
      successorDigest: digestOf(successor),
      successorSealed: sealed(successor, refreshToken, parts.aad),
      idleExpiresAt: new Date(now.getTime() + IDLE_MS),
    });
    return row === undefined ? REFUSED : tokensOf(row, parts.sessionId, row.authenticatedAt.getTime(), successor);
  },
  'GET /v1/users/me': async (_body, { bearer }) => {
    const claims = claimsOf(bearer);
    if (claims === undefined) return REFUSED;
    const { rows } = await pool.query({ ...SESSION_LIVENESS, values: [claims.sid, claims.sub, new Date()] });
    return rows[0] === undefined ? REFUSED : { status: 200, body: userIn(rows[0]) };
  },
});
