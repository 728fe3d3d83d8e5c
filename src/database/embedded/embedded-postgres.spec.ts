import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { EmbeddedPostgres, startEmbeddedPostgres } from './embedded-postgres';
import { isPostgres } from './postmaster-file';

describe('the embedded PostgreSQL', () => {
  const folders: string[] = [];
  const servers: EmbeddedPostgres[] = [];

  function folder(): string {
    const made = mkdtempSync(join(tmpdir(), 'latchkey-embedded-'));
    chmodSync(made, 0o755);
    folders.push(made);
    return made;
  }

  async function start(path: string, fast = true): Promise<EmbeddedPostgres> {
    const server = await startEmbeddedPostgres({ folder: path, fast });
    servers.push(server);
    return server;
  }

  async function sql(server: EmbeddedPostgres, text: string): Promise<unknown[]> {
    const client = new Client({ connectionString: server.url });
    client.on('error', () => undefined);
    await client.connect();
    const { rows } = await client.query<Record<string, unknown>>(text);
    await client.end();
    return rows;
  }

  afterEach(async () => {
    for (const server of servers.splice(0)) await server.stop();
    for (const path of folders.splice(0)) rmSync(path, { recursive: true, force: true });
  });

  it('is UTF-8, in UTC, on loopback only, with a password that others cannot read', async () => {
    const path = folder();
    const server = await start(path);
    const text = `SELECT current_setting('server_encoding') AS encoding, current_setting('timezone') AS zone,
      current_setting('listen_addresses') AS addresses, current_setting('unix_socket_directories') AS sockets`;
    expect(await sql(server, text)).toEqual([{ encoding: 'UTF8', zone: 'UTC', addresses: '127.0.0.1', sockets: '' }]);
    expect(statSync(join(path, 'postgres', 'password')).mode & 0o777).toBe(0o600);
    await expect(sql({ ...server, url: server.url.replace(/:[^:@/]+@/, ':wrong@') }, 'SELECT 1')).rejects.toThrow();
  });

  it('finds the same data after a stop', async () => {
    const path = folder();
    const first = await start(path);
    await sql(first, 'CREATE TABLE kept (n int)');
    await first.stop();
    expect(isPostgres(first.pid)).toBe(false);
    expect(await sql(await start(path), "SELECT to_regclass('kept')::text AS found")).toEqual([{ found: 'kept' }]);
  });

  it('adopts a live server that nobody stopped', async () => {
    const path = folder();
    const first = await start(path);
    const second = await start(path);
    expect(second).toMatchObject({ pid: first.pid, url: first.url });
  });

  it('is not stopped by one user who leaves while another has come and not asked anything yet; by the last one it is', async () => {
    const path = folder();
    const [first, second] = [await start(path), await start(path)];
    await first.stopUnlessUsed();
    expect(await sql(second, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await second.stopUnlessUsed();
    expect(isPostgres(second.pid)).toBe(false);
  });

  it('comes back after a kill -9 of the server with all that was committed', async () => {
    const path = folder();
    const first = await start(path, false);
    await sql(first, 'CREATE TABLE kept (n int)');
    process.kill(first.pid, 'SIGKILL');
    const second = await start(path, false);
    expect(second.pid).not.toBe(first.pid);
    expect(await sql(second, "SELECT to_regclass('kept')::text AS found")).toEqual([{ found: 'kept' }]);
  });

  it('ends as one server when two starts meet in a fresh folder', async () => {
    const path = folder();
    const [first, second] = await Promise.all([start(path), start(path)]);
    expect(second.pid).toBe(first.pid);
    expect(readdirSync(path)).toEqual(['postgres']);
    expect(existsSync(join(path, 'postgres', 'data', 'PG_VERSION'))).toBe(true);
  });
});
