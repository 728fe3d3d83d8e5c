// Ways to let go of old challenges, on tables like ours, one after the other on an otherwise idle database: what a step takes, whether
// steps get slower as they go, and what the way costs whoever looks a challenge up by its token (ADR 79).
const { performance } = require('node:perf_hooks');
const { Client } = require('pg');
const { quantile } = require('../http/figures.cjs');

const BATCH = 1000;
const PAGES = 64;
const LOOKUPS = 3000;
const HOURS = 24;

const columns = `id uuid NOT NULL, token_digest bytea NOT NULL, subject_id uuid NOT NULL, phone text NOT NULL, failed smallint NOT NULL DEFAULT 0,
  created_at timestamptz NOT NULL, expires_at timestamptz NOT NULL, consumed_at timestamptz, sends timestamptz[] NOT NULL, pad text NOT NULL DEFAULT repeat('x', 60)`;
const rows = (
  count,
) => `SELECT md5(n::text)::uuid, sha256(n::text::bytea), md5('u' || n)::uuid, '+4915' || n, 0, at, at, NULL, ARRAY[at], repeat('x', 60)
  FROM generate_series(1, ${count}) n, LATERAL (SELECT now() - ((n % ${2 * HOURS * 3600}) * interval '1 second') AS at) a`;
const OLD = `now() - interval '${HOURS} hours'`;

const plain = [
  'CREATE UNIQUE INDEX ON t (token_digest)',
  'CREATE INDEX ON t (subject_id)',
  'CREATE INDEX ON t (phone, created_at)',
];
const indexed = [...plain, 'CREATE INDEX ON t (expires_at)'];
const batch = (order) => `WITH gone AS (DELETE FROM t WHERE ctid = ANY (ARRAY(
  SELECT ctid FROM t WHERE expires_at < ${OLD} ${order} LIMIT ${BATCH} FOR UPDATE SKIP LOCKED)) RETURNING 1) SELECT count(*)::int AS n FROM gone`;

const ways = [
  { name: `${BATCH} rows, index, any order`, indexes: indexed, step: () => batch(''), isOver: (n) => n < BATCH },
  {
    name: `${BATCH} rows, index, oldest first`,
    indexes: indexed,
    step: () => batch('ORDER BY expires_at'),
    isOver: (n) => n < BATCH,
  },
  { name: `${BATCH} rows, no index`, indexes: plain, step: () => batch(''), isOver: (n) => n < BATCH },
  {
    name: `${PAGES} pages, no index`,
    indexes: plain,
    step: (at) =>
      `WITH gone AS (DELETE FROM t WHERE ctid >= '(${at * PAGES},0)' AND ctid < '(${(at + 1) * PAGES},0)' AND expires_at < ${OLD} RETURNING 1) SELECT count(*)::int AS n FROM gone`,
    isOver: (_n, at, pages) => at * PAGES > pages,
  },
];

async function timed(client, text, values) {
  const began = performance.now();
  const result = await client.query(text, values);
  return { took: performance.now() - began, rows: result.rows };
}

/** Median time to find one by its token, in milliseconds. */
async function lookups(client, count) {
  const took = [];
  for (let n = 0; n < LOOKUPS; n += 1) {
    const at = 1 + ((n * 7919) % count);
    const values = [require('node:crypto').createHash('sha256').update(String(at)).digest()];
    took.push(
      (await timed(client, { name: 'find', text: 'SELECT id, failed FROM t WHERE token_digest = $1' }, values)).took,
    );
  }
  return quantile(took, 0.5);
}

const sizeOf = async (client) =>
  Number(
    (
      await client.query(
        `SELECT sum(pg_total_relation_size(c.oid)) AS size FROM pg_class c WHERE c.relname ~ '^t(_\\d+)?$' AND relkind IN ('r', 'p')`,
      )
    ).rows[0].size,
  );

async function measureSteps(client, way, most) {
  const pages = Number((await client.query(`SELECT pg_relation_size('t') / 8192 AS pages`)).rows[0].pages);
  const took = [];
  let deleted = 0;
  for (let at = 0; at < most; at += 1) {
    const one = await timed(client, way.step(at));
    took.push(one.took);
    deleted += one.rows[0].n;
    if (way.isOver(one.rows[0].n, at, pages)) break;
  }
  const tenth = Math.max(1, Math.floor(took.length / 10));
  return {
    steps: took.length,
    deleted,
    seconds: took.reduce((sum, one) => sum + one, 0) / 1000,
    p50: quantile(took, 0.5),
    most: Math.max(...took),
    lastToFirst: quantile(took.slice(-tenth), 0.5) / quantile(took.slice(0, tenth), 0.5),
  };
}

async function measureWay(client, way, count, progress) {
  progress(`clearing, ${way.name}`);
  await client.query('DROP TABLE IF EXISTS t');
  await client.query(`CREATE TABLE t (${columns}) WITH (fillfactor = 50, autovacuum_enabled = false)`);
  await client.query(`INSERT INTO t ${rows(count)}`);
  for (const text of way.indexes) await client.query(text);
  await client.query('VACUUM ANALYZE t');
  const before = await sizeOf(client);
  const steps = await measureSteps(client, way, Math.ceil((count / BATCH) * 20));
  const find = await lookups(client, count);
  return { way: way.name, ...steps, sizeBefore: before, sizeAfter: await sizeOf(client), lookupMs: find };
}

/** A partition for each hour; the token names no hour, so every one of them is asked. */
async function measurePartitions(client, count, progress) {
  progress('clearing, partitions');
  await client.query('DROP TABLE IF EXISTS t');
  await client.query(`CREATE TABLE t (${columns}) PARTITION BY RANGE (expires_at)`);
  for (let hour = 0; hour <= 2 * HOURS; hour += 1) {
    const bound = (at) => `'${new Date(Math.floor(Date.now() / 3.6e6) * 3.6e6 + (1 - at) * 3.6e6).toISOString()}'`;
    await client.query(
      `CREATE TABLE t_${hour} PARTITION OF t FOR VALUES FROM (${bound(hour + 1)}) TO (${bound(hour)}) WITH (fillfactor = 50)`,
    );
  }
  await client.query(`INSERT INTO t ${rows(count)}`);
  for (const text of plain) await client.query(text.replace('UNIQUE ', ''));
  await client.query('VACUUM ANALYZE t');
  const before = await sizeOf(client);
  const took = [];
  for (let hour = HOURS + 1; hour <= 2 * HOURS; hour += 1)
    took.push((await timed(client, `DROP TABLE t_${hour}`)).took);
  const find = await lookups(client, count);
  return {
    way: 'partitions of an hour, dropped',
    steps: took.length,
    deleted: Math.round(count / 2),
    seconds: took.reduce((sum, one) => sum + one, 0) / 1000,
    p50: quantile(took, 0.5),
    most: Math.max(...took),
    lastToFirst: NaN,
    sizeBefore: before,
    sizeAfter: await sizeOf(client),
    lookupMs: find,
  };
}

async function measureDesigns({ databases, sizes, progress }) {
  const client = new Client({ connectionString: await databases.create('designs') });
  await client.connect();
  try {
    const found = [];
    for (const way of ways) found.push(await measureWay(client, way, sizes.designRows, progress));
    found.push(await measurePartitions(client, sizes.designRows, progress));
    return found;
  } finally {
    await client.end();
  }
}

module.exports = { measureDesigns };
