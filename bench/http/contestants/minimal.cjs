// The minimal server (minimal-server.cjs) on a database of its own, which it fills with people, codes under way and sessions. A run has it twice: the
// second is the control of the method.
const { randomUUID } = require('node:crypto');
const { hashSync } = require('bcrypt');
const { readFileSync } = require('node:fs');
const { join } = require('node:path');
const { setTimeout: sleep } = require('node:timers/promises');
const { digestOf, PASSWORD, phoneOf, secret } = require('../people.cjs');
const { start, stop } = require('../programs.cjs');
const { codeOf } = require('./raw-http.cjs');
const { giveAccessTokens, requestsOf } = require('./v1-client.cjs');

async function startMinimal({ databases, places, cost, sink }, name, label) {
  const url = await databases.create(name);
  await databases.query(url, readFileSync(join(__dirname, 'minimal.sql'), 'utf8'));
  const otpKey = secret();
  const program = await start(databases.folder, [join(__dirname, 'minimal-server.cjs')], {
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
    return { place, token, code: codeOf(otpKey, digestOf(token)) };
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

module.exports = { startMinimal };
