// Whom the API is measured against: the minimal server twice (the second is the control of the method), Better Auth, a tutorial's server.
const { createHmac, randomUUID } = require('node:crypto');
const { hashSync } = require('bcrypt');
const { readFileSync } = require('node:fs');
const { join } = require('node:path');
const { setTimeout: sleep } = require('node:timers/promises');
const { digestOf, inTurn, once, PASSWORD, phoneOf, secret } = require('../people.cjs');
const { start, stop } = require('../programs.cjs');
const { giveAccessTokens, requestsOf } = require('./latchkey.cjs');

const here = (name) => join(__dirname, name);

async function startMinimal({ databases, places, cost, sink }, name, label) {
  const url = await databases.create(name);
  await databases.query(url, readFileSync(here('minimal.sql'), 'utf8'));
  const otpKey = secret();
  const program = await start(databases.folder, [here('minimal-server.cjs')], {
    DATABASE_URL: url,
    SINK_URL: sink.ready.api,
    OTP_KEY: otpKey.toString('hex'),
  });
  const users = Array.from({ length: places.all }, (_, n) => ({ id: randomUUID(), phone: phoneOf(n + 1) }));
  await databases.query(
    url,
    'INSERT INTO users (id, phone, password_hash) SELECT own.id, own.phone, $3 FROM ROWS FROM (unnest($1::uuid[]), unnest($2::text[])) AS own(id, phone)',
    [users.map(({ id }) => id), users.map(({ phone }) => phone), hashSync(PASSWORD, cost)],
  );
  const challenge = (place) => {
    const token = `lg6_k1_${secret().toString('base64url')}`;
    const mac = createHmac('sha256', otpKey).update(digestOf(token)).digest('hex');
    return { place, token, code: (BigInt(`0x${mac}`) % 1_000_000n).toString().padStart(6, '0') };
  };
  const [verify, resend] = [places.verify.map(challenge), places.resend.map(challenge)];
  const all = [...verify, ...resend];
  await databases.query(
    url,
    `INSERT INTO challenges (digest, user_id, phone, max_failed, created_at, expires_at, sends, resend_at)
    SELECT own.digest, own.id, own.phone, 5, now(), now() + interval '1 hour', 1, now() - interval '1 minute'
      FROM ROWS FROM (unnest($1::bytea[]), unnest($2::uuid[]), unnest($3::text[])) AS own(digest, id, phone)`,
    [
      all.map(({ token }) => digestOf(token)),
      all.map(({ place }) => users[place].id),
      all.map(({ place }) => users[place].phone),
    ],
  );
  const session = (place) => {
    const id = randomUUID();
    const token = `rf_${Buffer.concat([Buffer.from(id.replaceAll('-', ''), 'hex'), secret()]).toString('base64url')}`;
    return { id, userId: users[place].id, token };
  };
  const [refresh, me] = [places.refresh.map(session), places.me.map(session)];
  const sessions = [...refresh, ...me];
  await databases.query(
    url,
    `INSERT INTO sessions (id, user_id, refresh_digest, created_at, last_used_at, expires_at)
    SELECT own.id, own.user_id, own.digest, now(), now(), now() + interval '30 days' FROM ROWS FROM (unnest($1::uuid[]), unnest($2::uuid[]), unnest($3::bytea[])) AS own(id, user_id, digest)`,
    [sessions.map(({ id }) => id), sessions.map(({ userId }) => userId), sessions.map(({ token }) => digestOf(token))],
  );
  await databases.query(url, 'VACUUM ANALYZE');
  const origin = program.ready.api;
  await giveAccessTokens(origin, me);
  const unsent = async () =>
    Number((await databases.query(url, 'SELECT count(*) AS n FROM outbox WHERE sent_at IS NULL'))[0].n);
  return {
    name,
    label,
    origin,
    url,
    pids: [program.pid],
    requests: requestsOf({ users, verify, resend, refresh, me, login: places.login }),
    settled: async () => {
      for (let tries = 0; tries < 1000 && (await unsent()) > 0; tries += 1) await sleep(20);
    },
    stop: () => stop(program),
  };
}

async function startBetterAuth({ databases, places, cost, sink }) {
  const url = await databases.create('better_auth');
  const key = secret().toString('hex');
  const program = await start(databases.folder, [here('better-auth-server.mjs')], {
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
    `INSERT INTO verification (id, identifier, value, "expiresAt", "createdAt", "updatedAt") SELECT 'v' || own.phone, own.phone, '123456:0', now() + interval '1 hour', now(), now() FROM unnest($1::text[]) AS own(phone)`,
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
  const tickets = {
    verify: once(places.verify),
    resend: once(places.resend),
    login: once(places.login),
    refresh: inTurn(refresh),
    me: inTurn(me),
  };
  const of = (place, make) => (place === undefined ? undefined : make(users[place]));
  const cookie = ({ cookie: value }) => ({ cookie: value });
  return {
    name: 'better_auth',
    label: 'Better Auth 1.6.34',
    origin: program.ready.api,
    url,
    pids: [program.pid],
    requests: {
      verify: () =>
        of(tickets.verify(), ({ id, phone }) => ({
          path: '/api/auth/phone-number/verify',
          body: JSON.stringify({ phoneNumber: phone, code: '123456' }),
          check: ({ status, user }) => status && user.id === id,
        })),
      login: () =>
        of(tickets.login(), ({ id, phone }) => ({
          path: '/api/auth/sign-in/phone-number',
          body: JSON.stringify({ phoneNumber: phone, password: PASSWORD }),
          check: ({ user }) => user.id === id,
        })),
      resend: () =>
        of(tickets.resend(), ({ phone }) => ({
          path: '/api/auth/phone-number/send-otp',
          body: JSON.stringify({ phoneNumber: phone }),
          check: ({ message }) => message === 'code sent',
        })),
      refresh: () => {
        const one = tickets.refresh();
        return {
          method: 'GET',
          path: '/api/auth/get-session',
          headers: cookie(one),
          check: ({ user }) => user.id === users[one.place].id,
        };
      },
      me: () => {
        const one = tickets.me();
        return {
          method: 'GET',
          path: '/api/auth/token',
          headers: cookie(one),
          check: ({ token }) => token.split('.').length === 3,
        };
      },
    },
    settled: async () => undefined,
    stop: () => stop(program),
  };
}

async function startTutorial({ databases, places, cost, sink }) {
  const program = await start(databases.folder, [here('tutorial-server.cjs')], {
    PASSWORD,
    PEOPLE: String(places.all + 1),
    COST: String(cost),
    SINK_URL: sink.ready.api,
  });
  const origin = program.ready.api;
  const phones = (list) => list.map((place) => phoneOf(place + 1));
  // Who renews or asks for themselves has signed in before.
  const signedIn = async (list) => {
    const all = [];
    for (const phone of phones(list)) {
      const answer = await fetch(`${origin}/verify`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ phone, code: '123456' }),
      });
      all.push({ phone, ...(await answer.json()) });
    }
    return all;
  };
  const tickets = {
    verify: once(phones(places.verify)),
    resend: once(phones(places.resend)),
    login: once(phones(places.login)),
    refresh: inTurn(await signedIn(places.refresh)),
    me: inTurn(await signedIn(places.me)),
  };
  const of = (phone, make) => (phone === undefined ? undefined : make(phone));
  const isJwt = (text) => text.split('.').length === 3;
  return {
    name: 'tutorial',
    label: 'Express, in memory',
    origin,
    pids: [program.pid],
    requests: {
      verify: () =>
        of(tickets.verify(), (phone) => ({
          path: '/verify',
          body: JSON.stringify({ phone, code: '123456' }),
          check: ({ accessToken }) => isJwt(accessToken),
        })),
      login: () =>
        of(tickets.login(), (phone) => ({
          path: '/login',
          body: JSON.stringify({ phone, password: PASSWORD }),
          check: ({ message }) => message === 'code sent',
        })),
      resend: () =>
        of(tickets.resend(), (phone) => ({
          path: '/resend',
          body: JSON.stringify({ phone }),
          check: ({ message }) => message === 'code sent',
        })),
      refresh: () => {
        const one = tickets.refresh();
        one.busy = true;
        return {
          path: '/refresh',
          body: JSON.stringify({ refreshToken: one.refreshToken }),
          check: (body) => {
            one.busy = false;
            one.refreshToken = body.refreshToken;
            return isJwt(body.accessToken);
          },
        };
      },
      me: () => {
        const one = tickets.me();
        return {
          method: 'GET',
          path: '/me',
          headers: { authorization: `Bearer ${one.accessToken}` },
          check: ({ phone }) => phone === one.phone,
        };
      },
    },
    settled: async () => undefined,
    stop: () => stop(program),
  };
}

module.exports = { startMinimal, startBetterAuth, startTutorial };
