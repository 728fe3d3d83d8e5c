// What a piece of work writes to the log of PostgreSQL, read back from the log itself: for each table its rows, its indexes and the images
// of pages that are touched for the first time since a checkpoint. Those depend on how busy a page is, the rest does not.
const { join } = require('node:path');
const { dist } = require('../http/database.cjs');

const SLOT = 'bench_wal';
const here = async (databases) =>
  (await databases.monitor.query('SELECT pg_current_wal_insert_lsn()::text AS lsn')).rows[0].lsn;

const byTable = `WITH block AS (
    SELECT start_lsn, (array_agg(relfilenode ORDER BY block_id))[1] AS file, min(record_length) AS bytes, sum(block_fpi_length) AS images
      FROM pg_get_wal_block_info($1, $2, false) WHERE reldatabase = (SELECT oid FROM pg_database WHERE datname = current_database()) GROUP BY start_lsn
  ), named AS (
    SELECT c.oid, pg_relation_filenode(c.oid) AS file, coalesce(i.indrelid, c.oid)::regclass::text AS table, i.indexrelid IS NOT NULL AS is_index
      FROM pg_class c LEFT JOIN pg_index i ON i.indexrelid = c.oid
  )
  SELECT coalesce(n.table, 'other') AS table, coalesce(sum(bytes - images) FILTER (WHERE NOT coalesce(is_index, false)), 0)::float8 AS rows,
         coalesce(sum(bytes - images) FILTER (WHERE is_index), 0)::float8 AS indexes, sum(images)::float8 AS images
    FROM block LEFT JOIN named n USING (file) GROUP BY 1 ORDER BY sum(bytes) DESC`;

const bySort = `SELECT coalesce(sum(record_length) FILTER (WHERE record_type = 'COMMIT'), 0)::float8 AS bytes,
  count(*) FILTER (WHERE record_type = 'COMMIT')::float8 AS commits FROM pg_get_wal_records_info($1, $2) WHERE resource_manager = 'Transaction'`;

/** @returns what `work` wrote in one database: bytes by table, and commits that waited for the disk, each divided by `count` */
async function walOf(databases, url, count, work) {
  await databases.query(url, 'CREATE EXTENSION IF NOT EXISTS pg_walinspect');
  await databases.monitor.query('SELECT pg_create_physical_replication_slot($1, true)', [SLOT]); // keeps the log until it was read
  try {
    const from = await here(databases);
    const result = await work();
    const range = [from, await here(databases)];
    const tables = await databases.query(url, byTable, range);
    const [{ bytes, commits }] = await databases.query(url, bySort, range);
    const each = ({ table, rows, indexes, images }) => ({
      table,
      bytes: (rows + indexes) / count,
      rows: rows / count,
      indexes: indexes / count,
      images: images / count,
    });
    const all = [...tables, { table: '(commits)', rows: bytes, indexes: 0, images: 0 }].map(each);
    return { result, commits: commits / count, tables: all.filter((one) => one.bytes + one.images >= 0.5) };
  } finally {
    await databases.monitor.query('SELECT pg_drop_replication_slot($1)', [SLOT]);
  }
}

/** The retention's own statement on every challenge there is, and the vacuum that follows it some day. @returns bytes for each row */
async function walOfClearing(databases, url) {
  const { deletionOf } = require(join(dist, 'ops', 'retention', 'deletions.sql.js'));
  const { retentionRules } = require(join(dist, 'ops', 'retention', 'retention.rules.js'));
  const { batch } = deletionOf(retentionRules.find(({ table }) => table === 'otp_attempts'));
  const later = new Date(Date.now() + 7 * 86_400_000);
  const [{ n }] = await databases.query(url, 'SELECT count(*)::int AS n FROM otp_attempts');
  const { tables } = await walOf(databases, url, n, async () => {
    for (let left = n; left > 0;) {
      const [{ deleted }] = await databases.query(url, batch.text, [later]);
      if (deleted === 0) throw new Error(`${left} challenges do not go`);
      left -= deleted;
    }
    await databases.query(url, 'VACUUM otp_attempts');
  });
  return tables.find(({ table }) => table === 'otp_attempts').bytes;
}

module.exports = { walOf, walOfClearing };
