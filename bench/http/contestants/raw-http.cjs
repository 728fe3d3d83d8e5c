// What the two servers behind raw node:http share, so that both do the same for a request: minimal-server.cjs, and bare-server.cjs with the
// API's own statements. A body is read, a route answers it; codes and access tokens are made with node:crypto alone.
const { createHmac, generateKeyPairSync, randomUUID, sign, timingSafeEqual, verify } = require('node:crypto');
const { createServer } = require('node:http');
const { announce } = require('./announce.cjs');

const ISSUER = 'http://127.0.0.1';
const TTL_SECONDS = 3600;
const HEADER = Buffer.from(JSON.stringify({ alg: 'ES256', typ: 'at+jwt', kid: 'k1' })).toString('base64url');
const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const SIGNING = { key: privateKey, dsaEncoding: 'ieee-p1363' };
const CHECKING = { key: publicKey, dsaEncoding: 'ieee-p1363' };
const REFUSED = { status: 401, body: { code: 'token_invalid' } };

/** @param {object} claims what differs between tokens: sub, client_id, sid, auth_time, amr, phone_number_verified @returns {string} a JWT */
function accessTokenOf(claims) {
  const iat = Math.floor(Date.now() / 1000);
  const all = { iss: ISSUER, aud: ISSUER, jti: randomUUID(), iat, exp: iat + TTL_SECONDS, acr: 'aal2', ...claims };
  const input = `${HEADER}.${Buffer.from(JSON.stringify(all)).toString('base64url')}`;
  return `${input}.${sign('sha256', Buffer.from(input), SIGNING).toString('base64url')}`;
}

/** @returns {object | undefined} the claims of an access token; undefined unless it is ours and has not expired */
function claimsOf(token) {
  const [header, payload, signature] = token.split('.');
  if (signature === undefined || header !== HEADER) return undefined;
  const isRight = verify('sha256', Buffer.from(`${header}.${payload}`), CHECKING, Buffer.from(signature, 'base64url'));
  if (!isRight) return undefined;
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
  return claims.iss === ISSUER && claims.exp > Date.now() / 1000 ? claims : undefined;
}

/** @returns {string} the six digits that belong to a message under a key */
function codeOf(key, message) {
  const mac = createHmac('sha256', key).update(message).digest('hex');
  return (BigInt(`0x${mac}`) % 1_000_000n).toString().padStart(6, '0');
}

/** Whether the code that was entered is the right one, in constant time. */
function isCode(right, entered) {
  return timingSafeEqual(Buffer.from(right), Buffer.from(String(entered).padEnd(6).slice(0, 6)));
}

const maskOf = (phone) => `${phone.slice(0, 2)}******${phone.slice(-4)}`;
const uuidOf = (hex) => hex.replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, '$1-$2-$3-$4-$5');

/**
 * @param {Record<string, (body: any, facts: {requestId: string, address: string | null, userAgent: string | null, bearer: string}) =>
 *   Promise<{status: number, body: object}>>} routes by method and path
 */
function serve(routes) {
  const server = createServer((request, response) => {
    const parts = [];
    request.on('data', (part) => parts.push(part));
    request.on('end', async () => {
      const { headers } = request;
      const facts = {
        requestId: randomUUID(),
        address: headers['x-forwarded-for'] ?? null,
        userAgent: headers['user-agent'] ?? null,
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
  server.listen(0, '127.0.0.1', () => announce(server));
}

module.exports = { REFUSED, TTL_SECONDS, accessTokenOf, claimsOf, codeOf, isCode, maskOf, serve, uuidOf };
