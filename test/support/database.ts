// A database of its own for each test file: a clone (about 50 ms) of the template that global-setup migrated.
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';

export const TEMPLATE = 'latchkey_template';

/** Set by global-setup: URL of the server without a database name. */
export const SERVER_VARIABLE = 'LATCHKEY_TEST_SERVER';

export interface TestDatabase {
  readonly url: string;
  readonly name: string;
  /** Also ends connections that are still open. */
  drop(): Promise<void>;
}

export function databaseUrl(name: string): string {
  const server = process.env[SERVER_VARIABLE];
  if (server === undefined) throw new Error('the test server is not running: global-setup starts it');
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.href;
}

export function onServer(text: string, name = 'postgres'): Promise<void> {
  return connected(name, async (client) => void (await client.query(text)));
}

async function connected(name: string, work: (client: Client) => Promise<void>): Promise<void> {
  const client = new Client({ connectionString: databaseUrl(name) });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}

/** A pool's end() does not wait for the last of its connections: one that is ended from here meanwhile is an error of that pool. */
async function drop(client: Client, name: string): Promise<void> {
  const open = `SELECT FROM pg_stat_activity WHERE datname = '${name}'`;
  for (let looks = 0; looks < 20 && ((await client.query(open)).rowCount ?? 0) > 0; looks += 1) await sleep(10);
  await client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
}

/** @param options.empty without the template's tables */
export async function createDatabase(options: { empty?: boolean } = {}): Promise<TestDatabase> {
  const name = `t_${randomBytes(8).toString('hex')}`;
  await onServer(`CREATE DATABASE ${name} TEMPLATE ${options.empty === true ? 'template0' : TEMPLATE}`);
  // A database of its own, and no older state of another one that a program of the same folder has seen (ADR 72).
  if (options.empty !== true) await onServer('UPDATE database_state SET id = gen_random_uuid()', name);
  return { name, url: databaseUrl(name), drop: () => connected('postgres', (client) => drop(client, name)) };
}

export interface OpenDatabase {
  readonly url: string;
  readonly client: Client;
  close(): Promise<void>;
}

/** A database of its own with one connection to it, for specs that ask statements and not an API. */
export async function openDatabase(): Promise<OpenDatabase> {
  const made = await createDatabase();
  const client = new Client({ connectionString: made.url });
  await client.connect();
  return { url: made.url, client, close: () => client.end().then(() => made.drop()) };
}
