// The API itself, with the limits of production, and the simulator that takes its messages.
const { availableParallelism } = require('node:os');
const { join } = require('node:path');
const { setTimeout: sleep } = require('node:timers/promises');
const { PRODUCTION_LIMITS } = require('../../limits.cjs');
const { dist } = require('../database.cjs');
const { childrenOf } = require('../machine.cjs');
const { phoneOf } = require('../people.cjs');
const { start, stop } = require('../programs.cjs');
const { KEY, makeTemplates, refiller, seed } = require('./latchkey-people.cjs');
const { giveAccessTokens, requestsOf } = require('./v1-client.cjs');

/** As in production, but what counts a prefix, a country or everybody has room for the load. */
const LIMITS = {
  ...PRODUCTION_LIMITS,
  LIMIT_SMS_PREFIX: '100000/1h',
  LIMIT_SMS_UNVERIFIED: '100000/1h,100000/1d',
  LIMIT_SMS_COUNTRY: '1000000/1d',
  LIMIT_SMS_GLOBAL: '900000/1h,1000000/1d',
};
/** Messages that are not out yet. */
const LEFT = 'SELECT (SELECT count(*) FROM graphile_worker._private_jobs) + (SELECT count(*) FROM job_outbox) AS n';

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
    UV_THREADPOOL_SIZE: String(availableParallelism() + 4),
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

/**
 * @param profile folder for a CPU profile @param name of its database @param fill given the migrated database before anything else
 * @param analyze whether statistics are made once it is filled @param instances behind a cluster's port instead of one
 * @param receipts whether the vendor tells what became of messages
 */
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
  const queued = async () => Number((await databases.query(url, LEFT))[0].n);
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

module.exports = { startLatchkey };
