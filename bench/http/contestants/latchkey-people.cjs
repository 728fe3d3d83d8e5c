// The people of the API's database: one of each kind comes into being over HTTP, the others are copies of it, so that their rows are what the API
// writes. Tokens are made with the API's own algorithms under its own key ring.
const { randomUUID } = require('node:crypto');
const { join } = require('node:path');
const { setTimeout: sleep } = require('node:timers/promises');
const { dist } = require('../database.cjs');
const { claimsOf } = require('../load.cjs');
const { digestOf, PASSWORD, phoneOf, secret } = require('../people.cjs');
const { post } = require('./v1-client.cjs');

const KEY = `k1:${secret().toString('base64')}`;

/** @returns the API's own algorithms, under the key ring of this run */
function algorithms() {
  const load = (path) => require(join(dist, path));
  const { parseSecretRing } = load('platform/crypto/secret-ring.js');
  const { Keyring } = load('platform/crypto/keyring.js');
  const { NodeRandom } = load('platform/random/node-random.js');
  const { RefreshTokens } = load('auth/sessions/refresh-token.algorithm.js');
  const { formatChallengeToken } = load('otp/challenge-token.js');
  const { deriveCode, OTP_KEY_INFO } = load('otp/otp-code.js');
  const keyring = new Keyring(parseSecretRing(KEY).secrets);
  const refreshTokens = new RefreshTokens(keyring, new NodeRandom());
  const codeOf = (token) =>
    deriveCode(keyring.derive(OTP_KEY_INFO, keyring.currentKid), {
      purpose: 'login',
      codeLength: 6,
      digest: digestOf(token),
    });
  return {
    codeOf,
    challenge: () => {
      const token = formatChallengeToken('login', 6, keyring.currentKid, secret());
      return { token, code: codeOf(token) };
    },
    refreshToken: (sessionId) => refreshTokens.create(sessionId, 0),
  };
}

/** The code of a challenge that the API has answered with. */
function codeOf(challengeToken) {
  return algorithms().codeOf(challengeToken);
}

async function codeOn(simulator, phone, seen = 0) {
  for (let tries = 0; tries < 1000; tries += 1) {
    const inbox = await (await fetch(`${simulator.ready.simulator}/inbox/${encodeURIComponent(phone)}`)).json();
    if (inbox.length > seen) return inbox[0].code;
    await sleep(10);
  }
  throw new Error('no code arrived');
}

/** One person, one live challenge of a login and one session, made over HTTP: what the others are copies of. */
async function makeTemplates(origin, simulator, phone) {
  const registered = await post(origin, '/v1/auth/register', { phone, password: PASSWORD });
  const tokens = await post(origin, '/v1/auth/otp/verify', {
    challengeToken: registered.challengeToken,
    code: await codeOn(simulator, phone),
  });
  const { challengeToken } = await post(origin, '/v1/auth/login', { identifier: phone, password: PASSWORD });
  await codeOn(simulator, phone, 1);
  return { user: tokens.user.id, session: claimsOf(tokens.accessToken).sid, digest: digestOf(challengeToken) };
}

/** A row of a table again, with some columns of its own: whatever columns the table may have. */
const copies = (table, overrides, where) =>
  `INSERT INTO ${table} SELECT (jsonb_populate_record(t, ${overrides})).* FROM ${table} t,` +
  ` ROWS FROM (unnest($1::text[]), unnest($2::text[]), unnest($3::text[])) AS own(a, b, c) WHERE ${where}`;

const CHALLENGE = `jsonb_build_object('id', gen_random_uuid(), 'token_digest', '\\x' || own.a, 'subject_id', own.b, 'phone', own.c, 'expires_at', now() + interval '1 hour',
    'created_at', now() - interval '2 minutes', 'sends', ARRAY[now() - interval '2 minutes'], 'resend_at', now() - interval '1 minute')`;
const SESSION = `jsonb_build_object('id', own.a, 'user_id', own.b, 'refresh_digest', '\\x' || own.c)`;

/** Makes people, pending challenges and sessions in one database, each a copy of the template of its kind. */
function seeder(databases, url, templates) {
  const { challenge, refreshToken } = algorithms();
  const insert = (text, a, b, c) => databases.query(url, text, [a, b, c]);
  return {
    /** @param from how many there are @param to how many there shall be */
    async users(from, to) {
      const users = Array.from({ length: to - from }, (_, n) => ({ id: randomUUID(), phone: phoneOf(from + n + 1) }));
      await insert(
        copies('users', `jsonb_build_object('id', own.a, 'phone', own.b)`, `t.id = '${templates.user}' AND own.c = ''`),
        users.map(({ id }) => id),
        users.map(({ phone }) => phone),
        users.map(() => ''),
      );
      return users;
    },
    async challenges(users, places) {
      const challenges = places.map((place) => ({ place, ...challenge() }));
      await insert(
        copies('otp_attempts', CHALLENGE, `t.token_digest = '\\x${templates.digest.toString('hex')}'`),
        challenges.map(({ token }) => digestOf(token).toString('hex')),
        challenges.map(({ place }) => users[place].id),
        challenges.map(({ place }) => users[place].phone),
      );
      return challenges;
    },
    async sessions(users, places) {
      const sessions = places.map((place) => {
        const id = randomUUID();
        return { id, userId: users[place].id, place, ...refreshToken(id) };
      });
      await insert(
        copies('sessions', SESSION, `t.id = '${templates.session}'`),
        sessions.map(({ id }) => id),
        sessions.map(({ userId }) => userId),
        sessions.map(({ digest }) => digest.toString('hex')),
      );
      return sessions;
    },
  };
}

async function seed(databases, url, templates, places, analyze) {
  const make = seeder(databases, url, templates);
  const users = await make.users(0, places.all);
  const data = {
    users,
    verify: await make.challenges(users, places.verify),
    resend: await make.challenges(users, places.resend),
    refresh: await make.sessions(users, places.refresh),
    me: await make.sessions(users, places.me),
    login: [...places.login],
  };
  if (analyze) await databases.query(url, 'VACUUM ANALYZE');
  return data;
}

/** As many new people and codes as were served since, so that a long run needs no more of them at a time than a short one. */
function refiller(databases, url, templates, data) {
  const make = seeder(databases, url, templates);
  let sentAgain = 0;
  return async ({ verify, resend, login }) => {
    const from = data.users.length;
    data.users.push(...(await make.users(from, from + verify + resend + login)));
    const places = Array.from({ length: verify + resend + login }, (_, n) => from + n);
    data.verify.push(...(await make.challenges(data.users, places.slice(0, verify))));
    const used = data.resend.slice(sentAgain, sentAgain + resend).map(({ token }) => digestOf(token));
    sentAgain += resend;
    await databases.query(url, 'UPDATE otp_attempts SET consumed_at = now() WHERE token_digest = ANY ($1)', [used]);
    data.resend.push(...(await make.challenges(data.users, places.slice(verify, verify + resend))));
    data.login.push(...places.slice(verify + resend));
  };
}

module.exports = { KEY, codeOf, makeTemplates, refiller, seed };
