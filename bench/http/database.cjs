// The one PostgreSQL of a run: the embedded server as production would have it (fsync, synchronous_commit on), a database for each
// server that is measured, so that the CPU of its backends is its own.
const { chmodSync, mkdtempSync, rmSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');
const { Client, Pool } = require('pg');
const { cpuOf } = require('./machine.cjs');

const dist = join(__dirname, '..', '..', 'dist', 'src');

class Databases {
  static async start() {
    require('reflect-metadata');
    const { startEmbeddedPostgres } = require(join(dist, 'database', 'embedded', 'embedded-postgres.js'));
    const databases = new Databases();
    databases.folder = mkdtempSync(join(tmpdir(), 'latchkey-bench-'));
    chmodSync(databases.folder, 0o755); // as root, the server runs under another account and has to enter
    databases.server = await startEmbeddedPostgres({ folder: join(databases.folder, 'postgres') });
    databases.monitor = new Pool({ connectionString: databases.server.url, max: 1 });
    // It may learn of the server's end before its own has gone through.
    databases.monitor.on('error', () => undefined);
    const { rows } = await databases.monitor.query(`SELECT current_setting('server_version') AS version,
      current_setting('synchronous_commit') AS commit, current_setting('fsync') AS fsync`);
    [databases.facts] = rows;
    if (rows[0].commit !== 'on' || rows[0].fsync !== 'on') throw new Error('the database is not durable');
    return databases;
  }

  /** @returns {Promise<string>} address of a new, empty database */
  async create(name) {
    await this.monitor.query(`CREATE DATABASE ${name}`);
    const url = new URL(this.server.url);
    url.pathname = `/${name}`;
    return url.href;
  }

  /** Gives the space of a database back. */
  async drop(url) {
    await this.monitor.query(`DROP DATABASE ${new URL(url).pathname.slice(1)} WITH (FORCE)`);
  }

  /** CPU of each backend of a database by its process id, in seconds. */
  async cpuOf(url) {
    const { rows } = await this.monitor.query('SELECT pid FROM pg_stat_activity WHERE datname = $1', [
      new URL(url).pathname.slice(1),
    ]);
    return new Map(rows.map(({ pid }) => [pid, cpuOf(pid)]));
  }

  async query(url, text, values) {
    const client = new Client({ connectionString: url });
    await client.connect();
    try {
      return (await client.query(text, values)).rows;
    } finally {
      await client.end();
    }
  }

  async stop() {
    await this.monitor.end();
    await this.server.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Of backends that came meanwhile all, of those that went nothing. */
function spent(before, after) {
  let sum = 0;
  for (const [pid, cpu] of after) sum += cpu - (before.get(pid) ?? 0);
  return sum;
}

module.exports = { Databases, spent, dist };
