// Starts the server, or adopts one that runs since a crash of ours; and stops it. It is a detached process, so a terminal's Ctrl-C reaches
// only us, and the app can finish its requests first. It logs to a file, because a pipe would break when we die.
import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { OperatorError } from '../../platform/process/operator-error';
import { freePort } from '../../platform/process/ports';
import { program } from './binaries';
import { dataFolder, surroundings } from './cluster';
import type { Home } from './home';
import { isPostgres, readPostmasterFile, removeStaleFile } from './postmaster-file';

export interface Postmaster {
  readonly pid: number;
  readonly port: number;
}

const POLL_MS = 20;
const READY_WITHIN_MS = 60_000; // after a crash, recovery may take a while
const STOP_WITHIN_MS = 10_000;
/** A start fails when another program has taken the port, or while processes of a killed server still hold its memory. Both pass. */
const STARTS = 5;

/** @throws OperatorError with the last lines of the server's log */
export async function adoptOrStart(home: Home, settings: readonly string[]): Promise<Postmaster> {
  for (let attempt = 1; ; attempt += 1) {
    const running = await untilReady(dataFolder(home));
    if (running !== undefined) return running;
    removeStaleFile(dataFolder(home));
    const started = await start(home, settings);
    if (started !== undefined) return started;
    if (attempt >= STARTS) {
      throw new OperatorError(`the embedded PostgreSQL does not start (${lastWords(home)}): set DATABASE_URL`);
    }
    await sleep(attempt * 200);
  }
}

/** Fast shutdown (SIGINT): open transactions are rolled back, and no committed data is lost. Returns when the process is gone. */
export async function stopPostmaster(home: Home): Promise<void> {
  const running = readPostmasterFile(dataFolder(home));
  if (running === undefined || !isPostgres(running.pid)) return;
  process.kill(running.pid, 'SIGINT');
  for (let waited = 0; isPostgres(running.pid); waited += POLL_MS) {
    if (waited >= STOP_WITHIN_MS) return void process.kill(running.pid, 'SIGQUIT');
    await sleep(POLL_MS);
  }
}

/** @returns the server of this folder once it is ready; undefined when none is running */
async function untilReady(data: string): Promise<Postmaster | undefined> {
  for (let waited = 0; waited < READY_WITHIN_MS; waited += POLL_MS) {
    const file = readPostmasterFile(data);
    if (file === undefined || !isPostgres(file.pid)) return undefined;
    if (file.status === 'ready') return { pid: file.pid, port: file.port };
    await sleep(POLL_MS);
  }
  throw new OperatorError('the embedded PostgreSQL does not become ready: see its log, or set DATABASE_URL');
}

async function start(home: Home, settings: readonly string[]): Promise<Postmaster | undefined> {
  const port = await freePort();
  const log = openSync(join(home.cluster, 'server.log'), 'a', 0o600);
  const child = spawn(program(home.binaries, 'postgres'), serverArguments(home, port, settings), {
    ...home.account,
    ...surroundings(),
    detached: true,
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  let ended: Error | true | undefined;
  child.once('error', (error) => (ended = error));
  child.once('exit', () => (ended ??= true));
  child.unref();
  for (let waited = 0; waited < READY_WITHIN_MS && ended === undefined; waited += POLL_MS) {
    const file = readPostmasterFile(dataFolder(home));
    if (file?.pid === child.pid && file?.status === 'ready') return { pid: file.pid, port };
    await sleep(POLL_MS);
  }
  if (ended instanceof Error) {
    throw new OperatorError(`the embedded PostgreSQL cannot run here (${ended.message}): set DATABASE_URL`);
  }
  return undefined;
}

function serverArguments(home: Home, port: number, settings: readonly string[]): string[] {
  const all = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', `port=${port}`, 'timezone=UTC', ...settings];
  return ['-D', dataFolder(home), ...all.flatMap((setting) => ['-c', setting])];
}

function lastWords(home: Home): string {
  const log = readFileSync(join(home.cluster, 'server.log'), 'utf8').trim().split('\n');
  return log.findLast((line) => line.includes('FATAL')) ?? log.at(-1) ?? 'it left no log';
}
