// The retention job at work on very many rows while people are served (P11, F36): how long each of its statements takes, and what that
// does to the times of a verify's cheaper relatives, a refresh and a read of oneself.
const { performance } = require('node:perf_hooks');
const { setTimeout: sleep } = require('node:timers/promises');
const { quantile } = require('../http/figures.cjs');
const { slice } = require('../http/load.cjs');
const { fillOldCounters, fillOver } = require('./fill.cjs');

const PROBE_CONNECTIONS = 2;
const PROBE_MS = 500;
const TABLES = ['otp_attempts', 'rate_limits'];

/** Every statement that deletes tells how many rows and how long it took until then. */
async function watchSteps(databases, url) {
  await databases.query(url, 'CREATE UNLOGGED TABLE steps (tab text, n int, ms float8)');
  await databases.query(
    url,
    `CREATE FUNCTION note_step() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
       INSERT INTO steps SELECT TG_TABLE_NAME, count(*), extract(epoch FROM clock_timestamp() - statement_timestamp()) * 1000 FROM gone; RETURN NULL; END $$`,
  );
  for (const table of TABLES)
    await databases.query(
      url,
      `CREATE TRIGGER note_step AFTER DELETE ON ${table} REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION note_step()`,
    );
}

/** Refreshes and reads of oneself until told otherwise. @returns their times in milliseconds */
async function probe(server, isOver) {
  const took = { refresh: [], me: [] };
  const wrong = [];
  while (!isOver()) {
    for (const route of ['refresh', 'me']) {
      const one = await slice(server, server.requests[route], {
        milliseconds: PROBE_MS,
        connections: PROBE_CONNECTIONS,
      });
      took[route].push(...one.took);
      wrong.push(...one.wrong.keys());
    }
  }
  if (wrong.length > 0) throw new Error(`while clearing: ${wrong[0]}`);
  return took;
}

const left = async (databases, url, table) =>
  (await databases.query(url, `SELECT coalesce(sum(n), 0)::int AS n FROM steps WHERE tab = '${table}'`))[0].n;

const times = (took) =>
  Object.fromEntries(
    Object.entries(took).map(([route, list]) => [
      route,
      { p50: quantile(list, 0.5), p99: quantile(list, 0.99), count: list.length },
    ]),
  );

async function measureClearing({ databases, server, sizes, progress }) {
  const { url } = server;
  await fillOver(url, sizes.over, progress);
  await fillOldCounters(url, sizes.counters, progress);
  await databases.query(url, 'VACUUM ANALYZE');
  await watchSteps(databases, url);
  const until = Date.now() + sizes.baselineMilliseconds;
  const before = times(await probe(server, () => Date.now() > until));
  let over = false;
  const probing = probe(server, () => over);
  const began = performance.now();
  await databases.query(url, `SELECT graphile_worker.add_job('retention', job_key => 'bench')`);
  const wanted = { otp_attempts: sizes.over, rate_limits: sizes.counters };
  const limit = began + sizes.clearingMilliseconds;
  let done = {};
  do {
    await sleep(500);
    done = Object.fromEntries(
      await Promise.all(TABLES.map(async (table) => [table, await left(databases, url, table)])),
    );
    progress(`clearing: ${TABLES.map((table) => `${table} ${done[table]} of ${wanted[table]}`).join(', ')}`);
  } while (TABLES.some((table) => done[table] < wanted[table]) && performance.now() < limit);
  const seconds = (performance.now() - began) / 1000;
  over = true;
  const during = times(await probing);
  const steps = await databases.query(
    url,
    `SELECT tab AS table, count(*)::int AS steps, sum(n)::int AS rows, percentile_cont(0.5) WITHIN GROUP (ORDER BY ms) AS p50,
            percentile_cont(0.99) WITHIN GROUP (ORDER BY ms) AS p99, max(ms) AS most FROM steps WHERE n > 0 GROUP BY tab ORDER BY tab`,
  );
  const isWhole = TABLES.every((table) => done[table] >= wanted[table]);
  return { seconds, isWhole, wanted, steps, before, during };
}

module.exports = { measureClearing };
