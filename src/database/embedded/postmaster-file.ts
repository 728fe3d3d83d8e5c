// Reads postmaster.pid, the file in which a PostgreSQL server writes its process id, port and state.
// Lines: 1 process id, 4 port, 8 status (`starting`, `ready`, `stopping`, ...; padded with spaces).
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive } from '../../platform/process/is-alive';

export interface PostmasterFile {
  readonly pid: number;
  readonly port: number;
  readonly status: string;
}

export function readPostmasterFile(data: string): PostmasterFile | undefined {
  let lines: string[];
  try {
    lines = readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n');
  } catch {
    return undefined;
  }
  const pid = Number(lines[0]);
  if (!Number.isInteger(pid) || pid <= 0) return undefined;
  return { pid, port: Number(lines[3]), status: (lines[7] ?? '').trim() };
}

/** Removes the file when its server is gone and another program has got the process id. */
export function removeStaleFile(data: string): void {
  const file = readPostmasterFile(data);
  if (file !== undefined && !isPostgres(file.pid)) rmSync(join(data, 'postmaster.pid'), { force: true });
}

/** Whether the process is alive and, where the system can tell (Linux), a PostgreSQL server: after a restart another program may have its id. */
export function isPostgres(pid: number): boolean {
  if (!isAlive(pid)) return false;
  if (process.platform !== 'linux') return true;
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('postgres');
  } catch {
    return false;
  }
}
