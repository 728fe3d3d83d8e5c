// A table whose rows live for minutes: sign-ins with two wrong codes each, the vendor's receipts and a refresh, over HTTP, and what
// PostgreSQL had to do for them (P11): updates that needed no index entry (HOT), write-ahead log by table, and how far the tables have
// grown beyond their live rows.
const { performance } = require('node:perf_hooks');
const { setTimeout: sleep } = require('node:timers/promises');
const { startLatchkey } = require('../http/contestants/latchkey.cjs');
const { codeOf } = require('../http/contestants/latchkey-people.cjs');
const { PASSWORD, placesOf } = require('../http/people.cjs');
const { address } = require('../http/requests.cjs');
const { cpuOf } = require('../http/machine.cjs');
const { walOf, walOfClearing } = require('./wal.cjs');

const HOT = ['otp_attempts', 'sessions'];
const CONNECTIONS = 4;

async function post(origin, path, body) {
  const response = await fetch(`${origin}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...address() },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: await response.json() };
}

function must(answer, status, what) {
  if (answer.status !== status) throw new Error(`${what}: ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body;
}

/** Two wrong codes, the right one, and a refresh. */
async function signIn(origin, phone) {
  const { challengeToken } = must(
    await post(origin, '/v1/auth/login', { identifier: phone, password: PASSWORD }),
    200,
    'login',
  );
  const code = codeOf(challengeToken);
  const wrong = code === '000000' ? '000001' : '000000';
  for (let n = 0; n < 2; n += 1)
    must(await post(origin, '/v1/auth/otp/verify', { challengeToken, code: wrong }), 401, 'wrong code');
  const { refreshToken } = must(await post(origin, '/v1/auth/otp/verify', { challengeToken, code }), 200, 'verify');
  must(await post(origin, '/v1/auth/token/refresh', { refreshToken }), 200, 'refresh');
}

async function signInAll(origin, users, tell) {
  let next = 0;
  const worker = async () => {
    while (next < users.length) {
      const at = next++;
      await signIn(origin, users[at].phone);
      if (at % 200 === 0) tell(at);
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, worker));
}

const updates = (databases, url) =>
  databases.query(
    url,
    `SELECT relname AS table, n_tup_upd::int AS updates, n_tup_hot_upd::int AS hot, n_live_tup::int AS live, n_dead_tup::int AS dead
       FROM pg_stat_user_tables WHERE n_tup_upd > 0 ORDER BY n_tup_upd DESC`,
  );

/** Commits and rows of a database since it began. */
const workOf = async (databases, url) => {
  await sleep(1500);
  const [row] = await databases.query(
    url,
    `SELECT xact_commit::float8 AS commits, tup_inserted::float8 AS inserted, tup_updated::float8 AS updated, tup_deleted::float8 AS deleted
       FROM pg_stat_database WHERE datname = current_database()`,
  );
  return row;
};

/** Size of a table with its indexes beside that of a copy of its live rows. */
async function growth(databases, url, table) {
  const copy = `copy_of_${table}`;
  await databases.query(url, `CREATE TABLE ${copy} (LIKE ${table} INCLUDING ALL)`);
  await databases.query(url, `INSERT INTO ${copy} SELECT * FROM ${table}`);
  const [row] = await databases.query(
    url,
    `SELECT pg_total_relation_size('${table}')::float8 AS size, pg_total_relation_size('${copy}')::float8 AS live`,
  );
  await databases.query(url, `DROP TABLE ${copy}`);
  return row.size / row.live;
}

async function startChurn({ databases, sizes, running }) {
  const places = placesOf({ verify: 10, resend: 10, login: sizes.flows, refresh: sizes.probes, me: sizes.probes });
  // People sign in once each, all from behind one company's proxy: what counts a whole country or address has room.
  const server = await startLatchkey({ databases, places, cost: 4, name: 'churn', receipts: true });
  running.push(server);
  return { server, people: places.login.map((place) => server.data.users[place]) };
}

/** @returns HOT shares, bytes of log and CPU of the database for each flow, growth of the tables */
async function measureChurn({ databases, server, people, progress }) {
  const warm = people.slice(0, Math.ceil(people.length / 10));
  await signInAll(server.origin, warm, (done) => progress(`warming: ${done} sign-ins`));
  await server.settled();
  const before = new Map((await updates(databases, server.url)).map((row) => [row.table, row]));
  const work = await workOf(databases, server.url);
  const own = () => server.pids.reduce((sum, pid) => sum + cpuOf(pid), 0);
  const ownBefore = own();
  const flows = people.slice(warm.length);
  const cpuBefore = await cpuOfDatabase(databases, server);
  const wal = await walOf(databases, server.url, flows.length, async () => {
    const began = performance.now();
    await signInAll(server.origin, flows, (done) => progress(`${done} of ${flows.length} sign-ins`));
    await server.settled();
    const seconds = (performance.now() - began) / 1000;
    const databaseCpu = (await cpuOfDatabase(databases, server)) - cpuBefore;
    return { seconds, databaseCpu, ownCpu: own() - ownBefore, done: await workOf(databases, server.url) };
  });
  const { seconds, databaseCpu, ownCpu, done } = wal.result;
  const tables = (await updates(databases, server.url)).map((row) => {
    const was = before.get(row.table) ?? { updates: 0, hot: 0 };
    const count = row.updates - was.updates;
    return {
      table: row.table,
      updatesPerFlow: count / flows.length,
      hotShare: count === 0 ? NaN : (row.hot - was.hot) / count,
    };
  });
  const sizes = {};
  for (const table of HOT) sizes[table] = await growth(databases, server.url, table);
  progress('what clearing away one challenge writes');
  const cleared = await walOfClearing(databases, server.url);
  const ofCodes = wal.tables.find(({ table }) => table === 'otp_attempts').bytes;
  const sum = (part) => wal.tables.reduce((total, one) => total + one[part], 0);
  return {
    flows: flows.length,
    perSecond: flows.length / seconds,
    walPerFlow: sum('bytes'),
    imagesPerFlow: sum('images'),
    durableCommitsPerFlow: wal.commits,
    wal: wal.tables,
    code: { ofCodes, cleared, whole: ofCodes + cleared },
    serverCpuPerFlow: (ownCpu / flows.length) * 1000,
    ...Object.fromEntries(
      Object.keys(work).map((name) => [`${name}PerFlow`, (done[name] - work[name]) / flows.length]),
    ),
    databaseCpuPerFlow: (databaseCpu / flows.length) * 1000,
    tables: tables.filter(({ updatesPerFlow }) => updatesPerFlow > 0.01),
    sizes,
  };
}

async function cpuOfDatabase(databases, server) {
  const { rows } = await databases.monitor.query('SELECT pid FROM pg_stat_activity WHERE datname = $1', [server.name]);
  return rows.reduce((sum, { pid }) => sum + cpuOf(pid), 0);
}

module.exports = { HOT, measureChurn, startChurn };
