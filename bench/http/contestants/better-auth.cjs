// Starts Better Auth on a database of its own and fills it: people, codes under way and sessions, the rows its own code writes.
const { createHmac } = require('node:crypto');
const { hashSync } = require('bcrypt');
const { join } = require('node:path');
const { PASSWORD, phoneOf, secret } = require('../people.cjs');
const { start, stop } = require('../programs.cjs');
const { requestsFrom } = require('../requests.cjs');

const CODE = '123456';

async function startBetterAuth({ databases, places, cost, sink }) {
  const url = await databases.create('better_auth');
  const key = secret().toString('hex');
  const program = await start(databases.folder, [join(__dirname, 'better-auth-server.mjs')], {
    DATABASE_URL: url,
    SINK_URL: sink.ready.api,
    BETTER_AUTH_SECRET: key,
    COST: String(cost),
    NODE_ENV: 'production',
  });
  const users = Array.from({ length: places.all }, (_, n) => ({ id: `u${n}`, phone: phoneOf(n + 1) }));
  await databases.query(
    url,
    `INSERT INTO "user" (id, name, email, "emailVerified", "createdAt", "updatedAt", "phoneNumber", "phoneNumberVerified")
    SELECT own.id, own.phone, own.id || '@bench.example', false, now(), now(), own.phone, true FROM ROWS FROM (unnest($1::text[]), unnest($2::text[])) AS own(id, phone)`,
    [users.map(({ id }) => id), users.map(({ phone }) => phone)],
  );
  await databases.query(
    url,
    `INSERT INTO account (id, "accountId", "providerId", "userId", password, "createdAt", "updatedAt") SELECT 'a' || id, id, 'credential', id, $1, now(), now() FROM "user"`,
    [hashSync(PASSWORD, cost)],
  );
  await databases.query(
    url,
    `INSERT INTO verification (id, identifier, value, "expiresAt", "createdAt", "updatedAt") SELECT 'v' || own.phone, own.phone, '${CODE}:0', now() + interval '1 hour', now(), now() FROM unnest($1::text[]) AS own(phone)`,
    [places.verify.map((place) => users[place].phone)],
  );
  const session = (place) => {
    const token = secret(24).toString('base64url');
    const signature = createHmac('sha256', key).update(token).digest('base64');
    return { place, token, cookie: `better-auth.session_token=${encodeURIComponent(`${token}.${signature}`)}` };
  };
  const [refresh, me] = [places.refresh.map(session), places.me.map(session)];
  const sessions = [...refresh, ...me];
  await databases.query(
    url,
    `INSERT INTO session (id, "expiresAt", token, "createdAt", "updatedAt", "userId") SELECT 's' || own.token, now() + interval '7 days', own.token, now(), now(), own.id
    FROM ROWS FROM (unnest($1::text[]), unnest($2::text[])) AS own(token, id)`,
    [sessions.map(({ token }) => token), sessions.map(({ place }) => users[place].id)],
  );
  await databases.query(url, 'VACUUM ANALYZE');
  const asks = {
    verify: (place) => ({
      path: '/api/auth/phone-number/verify',
      body: { phoneNumber: users[place].phone, code: CODE },
      check: ({ status, user }) => status && user.id === users[place].id,
    }),
    login: (place) => ({
      path: '/api/auth/sign-in/phone-number',
      body: { phoneNumber: users[place].phone, password: PASSWORD },
      check: ({ user }) => user.id === users[place].id,
    }),
    resend: (place) => ({
      path: '/api/auth/phone-number/send-otp',
      body: { phoneNumber: users[place].phone },
      check: ({ message }) => message === 'code sent',
    }),
    refresh: ({ place, cookie }) => ({
      path: '/api/auth/get-session',
      headers: { cookie },
      check: ({ user }) => user.id === users[place].id,
    }),
    me: ({ cookie }) => ({
      path: '/api/auth/token',
      headers: { cookie },
      check: ({ token }) => token.split('.').length === 3,
    }),
  };
  return {
    name: 'better_auth',
    label: 'Better Auth 1.6.34',
    origin: program.ready.api,
    url,
    pids: [program.pid],
    requests: requestsFrom({ ...places, refresh, me }, asks),
    settled: async () => undefined,
    stop: () => stop(program),
  };
}

module.exports = { startBetterAuth };
