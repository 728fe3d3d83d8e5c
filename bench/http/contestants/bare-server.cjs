// The API's own tables, statements and formats of tokens, behind raw node:http: what its promises cost without its house. Who verifies,
// renews or asks for themselves here leaves the same rows behind, and nothing waits longer for the database. Nothing is looked after that a person would miss only sometimes: no
// limits per address, no log, no refusal that says why.
const {
  createCipheriv,
  createHash,
  createHmac,
  generateKeyPairSync,
  hkdfSync,
  randomBytes,
  randomUUID,
  sign,
  timingSafeEqual,
  verify,
} = require('node:crypto');
const { createServer } = require('node:http');
const { join } = require('node:path');
require('reflect-metadata');
const { Pool } = require('pg');

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
const ISSUER = 'http://127.0.0.1';
const TTL = 3600;
const IDLE_MS = 30 * 86_400_000;
const KID = SECRET_KEYS.slice(0, SECRET_KEYS.indexOf(':'));
const secret = Buffer.from(SECRET_KEYS.slice(KID.length + 1), 'base64');
const derived = (info) => Buffer.from(hkdfSync('sha256', secret, '', info, 32));
const OTP_KEY = derived('latchkey/otp/v1');
const TAG_KEY = derived('latchkey/refresh-tag/v1');
const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const HEADER = Buffer.from(JSON.stringify({ alg: 'ES256', typ: 'at+jwt', kid: 'k1' })).toString('base64url');

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

const sha256 = (text) => createHash('sha256').update(text).digest();
const prefixed = (text) => Buffer.concat([Buffer.of(text.length), Buffer.from(text)]);
const CODE_OF = Buffer.concat([prefixed('latchkey/otp/v1'), prefixed('login'), Buffer.of(6)]);
function codeOf(digest) {
  const mac = createHmac('sha256', OTP_KEY).update(CODE_OF).update(digest).digest('hex');
  return (BigInt(`0x${mac}`) % 1_000_000n).toString().padStart(6, '0');
}

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
  const sessionId = bytes.toString('hex', 0, 16).replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, '$1-$2-$3-$4-$5');
  return { sessionId, generation: bytes.readUInt32BE(16), aad: bytes.subarray(0, 20) };
}
function sealed(successor, presented, aad) {
  const extracted = createHmac('sha256', '').update(presented).digest();
  const key = createHmac('sha256', extracted).update('latchkey/refresh-successor/v1').update(Buffer.of(1)).digest();
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(aad);
  return Buffer.concat([nonce, cipher.update(successor, 'utf8'), cipher.final(), cipher.getAuthTag()]);
}

function accessToken(row, sessionId, authenticatedAt) {
  const iat = Math.floor(Date.now() / 1000);
  const claims = {
    iss: ISSUER,
    aud: ISSUER,
    sub: row.id,
    client_id: row.clientId,
    sid: sessionId,
    jti: randomUUID(),
    iat,
    exp: iat + TTL,
    auth_time: Math.floor(authenticatedAt / 1000),
    amr: row.amr ?? ['pwd', 'sms', 'mfa'],
    acr: 'aal2',
    phone_number_verified: row.phone !== null,
  };
  const input = `${HEADER}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}`;
  return `${input}.${sign('sha256', Buffer.from(input), { key: keys.privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
}
function claimsOf(token) {
  const [header, payload, signature] = token.split('.');
  if (signature === undefined || header !== HEADER) return undefined;
  const key = { key: keys.publicKey, dsaEncoding: 'ieee-p1363' };
  const right = verify('sha256', Buffer.from(`${header}.${payload}`), key, Buffer.from(signature, 'base64url'));
  if (!right) return undefined;
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
  return claims.iss === ISSUER && claims.exp > Date.now() / 1000 ? claims : undefined;
}

const userIn = (row) => ({
  id: row.id,
  phone: row.phone && `${row.phone.slice(0, 2)}******${row.phone.slice(-4)}`,
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
    accessToken: accessToken(row, sessionId, authenticatedAt),
    expiresIn: TTL,
    refreshToken,
    refreshExpiresIn: IDLE_MS / 1000,
    user: userIn(row),
  },
});
const refused = { status: 401, body: { code: 'token_invalid' } };

const routes = {
  'POST /v1/auth/otp/verify': async ({ challengeToken, code }, facts) => {
    const tokenDigest = sha256(challengeToken);
    const right = timingSafeEqual(Buffer.from(codeOf(tokenDigest)), Buffer.from(String(code).padEnd(6).slice(0, 6)));
    const at = Date.now();
    const sessionId = randomUUID();
    const refreshToken = refreshTokenOf(sessionId, 0);
    const row = await run(VERIFY, {
      ...facts,
      now: new Date(at).toISOString(),
      tokenDigest,
      purpose: 'login',
      keyId: KID,
      matched: right ? [ANY] : [],
      wellFormed: true,
      cookieWelcome: true,
      sessionId,
      refreshDigest: sha256(refreshToken),
      sessionExpiresAt: new Date(at + 3 * IDLE_MS),
      sessionIdleExpiresAt: new Date(at + IDLE_MS),
      amr: ['pwd', 'sms', 'mfa'],
    });
    return row?.outcome === 'ok' ? tokensOf(row, sessionId, at, refreshToken) : refused;
  },
  'POST /v1/auth/token/refresh': async ({ refreshToken }, facts) => {
    const parts = partsOf(refreshToken);
    if (parts === undefined) return refused;
    const successor = refreshTokenOf(parts.sessionId, parts.generation + 1);
    const now = new Date();
    const row = await run(REFRESH, {
      ...facts,
      now,
      sessionId: parts.sessionId,
      generation: parts.generation,
      carrier: 'body',
      presentedDigest: sha256(refreshToken),
      successorDigest: sha256(successor),
      successorSealed: sealed(successor, refreshToken, parts.aad),
      idleExpiresAt: new Date(now.getTime() + IDLE_MS),
    });
    return row === undefined ? refused : tokensOf(row, parts.sessionId, row.authenticatedAt.getTime(), successor);
  },
  'GET /v1/users/me': async (_body, { bearer }) => {
    const claims = claimsOf(bearer);
    if (claims === undefined) return refused;
    const { rows } = await pool.query({ ...SESSION_LIVENESS, values: [claims.sid, claims.sub, new Date()] });
    return rows[0] === undefined ? refused : { status: 200, body: userIn(rows[0]) };
  },
};

const server = createServer((request, response) => {
  const parts = [];
  request.on('data', (part) => parts.push(part));
  request.on('end', async () => {
    const { headers } = request;
    const userAgent = headers['user-agent'] ?? null;
    const facts = {
      requestId: randomUUID(),
      address: headers['x-forwarded-for'] ?? null,
      userAgent,
      userAgentHash: userAgent && createHash('sha256').update(userAgent).digest('hex').slice(0, 32),
      bearer: (headers.authorization ?? '').slice(7),
    };
    let answer;
    try {
      const body = parts.length === 0 ? {} : JSON.parse(Buffer.concat(parts).toString('utf8'));
      const route = routes[`${request.method} ${request.url}`];
      answer = route === undefined ? { status: 404, body: {} } : await route(body, facts);
    } catch (error) {
      answer = { status: 500, body: { code: String(error.message) } };
    }
    const text = JSON.stringify(answer.body);
    response
      .writeHead(answer.status, {
        'content-type': 'application/json; charset=utf-8',
        'content-length': Buffer.byteLength(text),
        'x-request-id': facts.requestId,
      })
      .end(text);
  });
});
server.listen(0, '127.0.0.1', () =>
  process.stdout.write(`${JSON.stringify({ event: 'ready', api: `http://127.0.0.1:${server.address().port}` })}\n`),
);
process.once('SIGTERM', () => process.exit(0));
