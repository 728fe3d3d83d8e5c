// How long the connections that migrate hold locks that keep writers (ShareLock and above) out of a table, seen every few milliseconds.
const { performance } = require('node:perf_hooks');
const { setTimeout: sleep } = require('node:timers/promises');
const { Client } = require('pg');

const EVERY_MILLISECONDS = 10;
const KEEPS_OUT = ['ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock'];

/** @returns `stop()`: the longest hold of each table and mode, longest first */
function watchLocks(url) {
  const longest = new Map();
  const held = new Map();
  let isOver = false;
  const watching = (async () => {
    const client = new Client({ connectionString: url });
    await client.connect();
    while (!isOver) {
      const { rows } = await client.query(
        `SELECT l.pid, c.relname AS table, l.mode FROM pg_locks l JOIN pg_class c ON c.oid = l.relation JOIN pg_stat_activity a ON a.pid = l.pid
          WHERE l.granted AND l.mode = ANY ($1) AND c.relkind = 'r' AND a.application_name = 'latchkey-migrating'
            AND c.relnamespace = 'public'::regnamespace AND a.backend_xid IS NOT NULL`,
        [KEEPS_OUT],
      );
      const now = performance.now();
      const seen = new Set(rows.map(({ pid, table, mode }) => `${pid} ${table} ${mode}`));
      for (const key of seen) held.set(key, held.get(key) ?? now);
      for (const [key, since] of held) {
        const name = key.slice(key.indexOf(' ') + 1);
        longest.set(name, Math.max(longest.get(name) ?? 0, now - since));
        if (!seen.has(key)) held.delete(key);
      }
      await sleep(EVERY_MILLISECONDS);
    }
    await client.end();
  })();
  return {
    async stop() {
      isOver = true;
      await watching;
      const all = [...longest].map(([lock, milliseconds]) => ({ lock, milliseconds: Math.round(milliseconds) }));
      return all.sort((a, b) => b.milliseconds - a.milliseconds).slice(0, 12);
    },
  };
}

module.exports = { watchLocks };
