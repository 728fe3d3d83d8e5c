// Which tables are read row by row: a plan that reads a table from end to end gets dearer with every row in it.
const { setTimeout: sleep } = require('node:timers/promises');
const { median } = require('../http/figures.cjs');

/** Backends tell what they have read within a second of being idle. */
const TOLD_WITHIN_MS = 1500;

/** @returns {Promise<Map<string, number>>} rows read by sequential scans since the database began, by table */
async function readsOf(databases, url) {
  await sleep(TOLD_WITHIN_MS);
  const rows = await databases.query(url, 'SELECT relname, seq_tup_read::float8 AS rows FROM pg_stat_user_tables');
  return new Map(rows.map(({ relname, rows: read }) => [relname, read]));
}

/** @returns {{table: string, rowsPerRequest: number}[]} the worst first, of those with a row or more for each request */
function linearReads(before, after, requests) {
  return [...after]
    .map(([table, rows]) => ({ table, rowsPerRequest: (rows - (before.get(table) ?? 0)) / requests }))
    .filter(({ rowsPerRequest }) => rowsPerRequest >= 1)
    .sort((a, b) => b.rowsPerRequest - a.rowsPerRequest);
}

/**
 * What is read in most rounds: the retention job walks through some tables every ten minutes, which falls into one.
 * @param rounds what linearReads has found in each
 */
function usualReads(rounds) {
  const tables = new Set(rounds.flat().map(({ table }) => table));
  const inRound = (round, name) => round.find(({ table }) => table === name)?.rowsPerRequest ?? 0;
  return [...tables]
    .map((table) => ({ table, rowsPerRequest: median(rounds.map((round) => inRound(round, table))) }))
    .filter(({ rowsPerRequest }) => rowsPerRequest >= 1)
    .sort((a, b) => b.rowsPerRequest - a.rowsPerRequest);
}

module.exports = { linearReads, readsOf, usualReads };
