// Starts the usual Nest server on a database of its own and fills it: people, codes under way and sessions, the rows its own code writes.
const { createHash, createHmac, randomUUID } = require('node:crypto');
const { hashSync } = require('bcrypt');
const jwt = require('jsonwebtoken');
const { join } = require('node:path');
const { claimsOf } = require('../load.cjs');
const { PASSWORD, phoneOf, secret } = require('../people.cjs');
const { start, stop } = require('../programs.cjs');
const { address, bearer, requestsFrom } = require('../requests.cjs');

const CODE = '123456';

async function seed(databases, url, { places, cost, keys }) {
  const users = Array.from({ length: places.all }, (_, n) => ({ id: randomUUID(), phone: phoneOf(n + 1) }));
  await databases.query(
    url,
    'INSERT INTO users (id, phone, "passwordHash") SELECT own.id, own.phone, $3 FROM ROWS FROM (unnest($1::uuid[]), unnest($2::text[])) AS own(id, phone)',
    [users.map(({ id }) => id), users.map(({ phone }) => phone), hashSync(PASSWORD, cost)],
  );
  const codes = (list) => list.map((place) => ({ id: randomUUID(), user: users[place] }));
  const [verify, resend] = [codes(places.verify), codes(places.resend)];
  const pending = [...verify, ...resend];
  await databases.query(
    url,
    `INSERT INTO otp_codes (id, "userId", "codeHash", "lastSentAt", "expiresAt") SELECT own.id, own.user_id, $3, now() - interval '1 minute', now() + interval '1 hour'
      FROM ROWS FROM (unnest($1::uuid[]), unnest($2::uuid[])) AS own(id, user_id)`,
    [
      pending.map(({ id }) => id),
      pending.map(({ user }) => user.id),
      createHmac('sha256', keys.OTP_SECRET).update(CODE).digest('hex'),
    ],
  );
  const session = (place) => {
    const [id, user, own] = [randomUUID(), users[place], secret().toString('base64url')];
    const accessToken = jwt.sign({ sub: user.id, sid: id }, keys.JWT_SECRET, { expiresIn: '1h' });
    return {
      id,
      user,
      refreshToken: `${id}.${own}`,
      hash: createHash('sha256').update(own).digest('hex'),
      accessToken,
    };
  };
  const [refresh, me] = [places.refresh.map(session), places.me.map(session)];
  const sessions = [...refresh, ...me];
  await databases.query(
    url,
    `INSERT INTO sessions (id, "userId", "refreshTokenHash", "expiresAt") SELECT own.id, own.user_id, own.hash, now() + interval '30 days'
      FROM ROWS FROM (unnest($1::uuid[]), unnest($2::uuid[]), unnest($3::text[])) AS own(id, user_id, hash)`,
    [sessions.map(({ id }) => id), sessions.map(({ user }) => user.id), sessions.map(({ hash }) => hash)],
  );
  await databases.query(url, 'VACUUM ANALYZE');
  return { verify, resend, refresh, me, login: places.login.map((place) => users[place]) };
}

const isRight = (body, user) => body.user.id === user.id && claimsOf(body.accessToken).sub === user.id;

const asks = {
  verify: ({ id, user }) => ({
    path: '/auth/verify',
    body: { challengeId: id, code: CODE },
    check: (body) => isRight(body, user) && body.refreshToken.length > 40,
  }),
  login: ({ phone }) => ({
    path: '/auth/login',
    body: { phone, password: PASSWORD },
    check: ({ challengeId }) => challengeId.length === 36,
  }),
  resend: ({ id }) => ({
    path: '/auth/resend',
    body: { challengeId: id },
    check: ({ challengeId }) => challengeId === id,
  }),
  refresh: (session) => ({
    path: '/auth/refresh',
    body: { refreshToken: session.refreshToken },
    check: (body) => {
      const isNew = body.refreshToken !== session.refreshToken;
      session.refreshToken = body.refreshToken;
      return isNew && isRight(body, session.user);
    },
  }),
  me: (session) => ({ path: '/users/me', headers: bearer(session), check: ({ id }) => id === session.user.id }),
};

async function startUsual({ databases, places, cost, sink }) {
  const url = await databases.create('usual');
  const keys = { JWT_SECRET: secret().toString('hex'), OTP_SECRET: secret().toString('hex') };
  const program = await start(databases.folder, [join(__dirname, 'usual-nest-server.cjs')], {
    DATABASE_URL: url,
    SINK_URL: sink.ready.api,
    NODE_ENV: 'production',
    ...keys,
  });
  const data = await seed(databases, url, { places, cost, keys });
  return {
    name: 'usual',
    label: 'Nest and TypeORM, as usual',
    origin: program.ready.api,
    url,
    pids: [program.pid],
    requests: requestsFrom(data, asks, address),
    // Its answer to a login or a resend waits for the vendor's.
    settled: async () => undefined,
    stop: () => stop(program),
  };
}

module.exports = { startUsual };
