// The API itself, with the limits of production. People, challenges and sessions are copies of one that came into being over HTTP, so
// that their rows are what the API writes; tokens are made with the API's own algorithms under its own key ring.
const { randomUUID } = require('node:crypto');
const { join } = require('node:path');
const { setTimeout: sleep } = require('node:timers/promises');
const { dist } = require('../database.cjs');
const { claimsOf } = require('../load.cjs');
const { childrenOf } = require('../machine.cjs');
const { address, digestOf, inTurn, once, PASSWORD, phoneOf, secret } = require('../people.cjs');
const { start, stop } = require('../programs.cjs');

/** The defaults of production, said aloud: in development all are 100 times wider. What counts a whole country has room for the load. */
const LIMITS = {
  LIMIT_PASSWORD_ACCOUNT: '5/15m',
  LIMIT_PASSWORD_ADDRESS: '30/5m,200/1h',
  LIMIT_FACTOR_ACCOUNT: '10/1h,20/1d',
  LIMIT_FACTOR_ADDRESS: '30/5m',
  LIMIT_SMS_DESTINATION: '4/10m,8/1h,12/1d',
  LIMIT_SMS_DESTINATION_ALL: '30/1d',
  LIMIT_SMS_ACCOUNT: '12/1d',
  LIMIT_SMS_ADDRESS: '10/1h',
  LIMIT_SMS_NEW_NUMBERS: '30/1h',
  LIMIT_SMS_PREFIX: '100000/1h',
  LIMIT_SMS_UNVERIFIED: '100000/1h,100000/1d',
  LIMIT_SMS_COUNTRY: '1000000/1d',
  LIMIT_SMS_GLOBAL: '900000/1h,1000000/1d',
  LIMIT_REGISTER_ADDRESS: '10/1h',
  LIMIT_UNAUTHENTICATED: '60/1m',
  LIMIT_STATUS: '120/1m',
  LIMIT_SESSION: '120/1m',
  LIMIT_REFRESH_FAMILY: '30/1m',
};
/** Messages that are not out yet. */
const LEFT = 'SELECT (SELECT count(*) FROM graphile_worker._private_jobs) + (SELECT count(*) FROM job_outbox) AS n';
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

/** Environment of the API. @param cost of bcrypt */
function environment(databases, url, simulator, cost) {
  return {
    NODE_ENV: 'development',
    LATCHKEY_DIR: databases.folder,
    SMS_PROVIDERS: 'telnyx',
    SIMULATOR_PORT: new URL(simulator.ready.simulator).port,
    SECRET_KEYS: KEY,
    DATABASE_URL: url,
    MIGRATE_ON_START: 'false',
    PORT: '0',
    ADMIN_PORT: '0',
    BCRYPT_COST: String(cost),
    ACCESS_TOKEN_TTL_SECONDS: '3600',
    TRUSTED_PROXIES: '127.0.0.1',
    UV_THREADPOOL_SIZE: String(require('node:os').availableParallelism() + 4),
    ...LIMITS,
  };
}

/** @param webhooks where vendors tell what became of messages; they tell nothing unless given */
async function startSimulator(databases, webhooks) {
  const env = {
    ...(webhooks === undefined ? {} : { SIMULATOR_WEBHOOK_URL: webhooks }),
    NODE_ENV: 'development',
    LATCHKEY_DIR: databases.folder,
    SMS_PROVIDERS: 'telnyx',
    SIMULATOR_PORT: '0',
    SIMULATOR_SMTP_PORT: 'off',
  };
  return start(databases.folder, [join(dist, 'simulator', 'main.js')], env);
}

async function post(origin, path, body) {
  const response = await fetch(`${origin}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...address() },
    body: JSON.stringify(body),
  });
  const answer = await response.json();
  if (!response.ok) throw new Error(`${path}: ${response.status} ${JSON.stringify(answer)}`);
  return answer;
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

const isRight = (userId) => (body) =>
  body.tokenType === 'Bearer' && body.user.id === userId && claimsOf(body.accessToken).sub === userId;

/** The requests of every route, as a client of ours or of the minimal server makes them. @param users by place @param accessTokens of `me` */
function requestsOf({ users, verify, resend, refresh, login, me }) {
  const tickets = {
    verify: once(verify),
    resend: once(resend),
    login: once(login),
    refresh: inTurn(refresh),
    me: inTurn(me),
  };
  return {
    verify: () => {
      const one = tickets.verify();
      if (one === undefined) return undefined;
      return {
        path: '/v1/auth/otp/verify',
        headers: address(),
        body: JSON.stringify({ challengeToken: one.token, code: one.code }),
        check: isRight(users[one.place].id),
      };
    },
    refresh: () => {
      const one = tickets.refresh();
      one.busy = true;
      const check = (body) => {
        one.busy = false;
        one.token = body.refreshToken;
        return isRight(one.userId)(body);
      };
      return {
        path: '/v1/auth/token/refresh',
        headers: address(),
        body: JSON.stringify({ refreshToken: one.token }),
        check,
      };
    },
    me: () => {
      const one = tickets.me();
      return {
        method: 'GET',
        path: '/v1/users/me',
        headers: { ...address(), authorization: `Bearer ${one.accessToken}` },
        check: (body) => body.id === one.userId,
      };
    },
    login: () => {
      const one = tickets.login();
      if (one === undefined) return undefined;
      return {
        path: '/v1/auth/login',
        headers: address(),
        body: JSON.stringify({ identifier: users[one].phone, password: PASSWORD }),
        check: ({ challengeToken }) => challengeToken.length > 40,
      };
    },
    resend: () => {
      const one = tickets.resend();
      if (one === undefined) return undefined;
      return {
        path: '/v1/auth/otp/resend',
        headers: address(),
        body: JSON.stringify({ challengeToken: one.token }),
        check: ({ challengeToken }) => challengeToken === one.token,
      };
    },
  };
}

/** Whoever asks for themselves has an access token: the first answer to their refresh token. */
async function giveAccessTokens(origin, sessions) {
  for (const session of sessions) {
    const tokens = await post(origin, '/v1/auth/token/refresh', { refreshToken: session.token });
    Object.assign(session, { accessToken: tokens.accessToken, token: tokens.refreshToken });
  }
}

/** @param name of its database @param fill given the migrated database before anything else @param analyze whether statistics are made once it is filled @param instances behind a cluster's port instead of one @param receipts whether the vendor tells what became of messages */
async function startLatchkey({
  databases,
  places,
  cost,
  profile,
  name = 'latchkey_bench',
  fill,
  analyze = true,
  instances,
  receipts = false,
}) {
  const { migrate } = require(join(dist, 'database', 'migrate.js'));
  const url = await databases.create(name);
  await migrate(url, () => undefined);
  await fill?.(url);
  const { freePort } = require(join(dist, 'platform', 'process', 'ports.js'));
  const port = receipts ? String(await freePort()) : '0';
  const simulator = await startSimulator(databases, receipts ? `http://127.0.0.1:${port}` : undefined);
  const own = { ...environment(databases, url, simulator, cost), PORT: port };
  const env = instances === undefined ? own : { ...own, UV_THREADPOOL_SIZE: '', CLUSTER_INSTANCES: String(instances) };
  const program = await start(
    databases.folder,
    [
      ...(profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`]),
      join(dist, instances === undefined ? 'main.js' : 'cluster.js'),
    ],
    env,
  );
  const origin = program.ready.api;
  const templates = await makeTemplates(origin, simulator, phoneOf(0));
  const data = await seed(databases, url, templates, places, analyze);
  await giveAccessTokens(origin, data.me);
  const queued = async () =>
    (await databases.monitor.query('SELECT 1')) && Number((await databases.query(url, LEFT))[0].n);
  return {
    name: name === 'latchkey_bench' ? 'latchkey' : name,
    label: 'Latchkey',
    origin,
    url,
    env,
    simulator,
    pids: [program.pid, ...(instances === undefined ? [] : childrenOf(program.pid))],
    data,
    requests: requestsOf(data),
    refill: refiller(databases, url, templates, data),
    settled: async () => {
      for (let tries = 0; tries < 1000 && (await queued()) > 0; tries += 1) await sleep(20);
    },
    stop: async () => {
      await stop(program);
      await stop(simulator);
    },
  };
}

/** The code of a challenge that the API has answered with. */
function codeOf(challengeToken) {
  return algorithms().codeOf(challengeToken);
}

module.exports = { startLatchkey, requestsOf, giveAccessTokens, environment, codeOf };
