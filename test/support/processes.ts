// What runs on this machine: from /proc where there is one, else from ps.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

export interface ProcessInfo {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
}

function processes(): ProcessInfo[] {
  return existsSync('/proc/self/stat') ? fromProc() : fromPs();
}

/** Direct children of a process whose command contains the text. */
export function childOf(parent: number, text: string): number {
  const found = processes().find((info) => info.parent === parent && info.command.includes(text));
  if (found === undefined) throw new Error(`process ${parent} has no child ${text}`);
  return found.pid;
}

/** Direct children of a process that run. */
export function childrenOf(parent: number): number[] {
  return processes().flatMap((info) => (info.parent === parent && info.command !== '' ? [info.pid] : []));
}

/** @returns those that still run after the time; a process that ended but was not reaped does not count. */
export async function stillRunning(pids: readonly number[], withinMs: number): Promise<number[]> {
  for (let waited = 0; ; waited += 50) {
    const alive = processes().filter(({ pid, command }) => pids.includes(pid) && command !== '');
    if (alive.length === 0 || waited >= withinMs) return alive.map(({ pid }) => pid);
    await sleep(50);
  }
}

/** Resident memory; 0 where the system does not tell. */
export function residentBytes(pid: number): number {
  const path = `/proc/${pid}/status`;
  if (!existsSync(path)) return 0;
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(path, 'utf8'))?.[1] ?? 0) * 1024;
}

function fromProc(): ProcessInfo[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      const fields = readFileSync(`/proc/${name}/stat`, 'utf8')
        .replace(/^.*\) /, '')
        .split(' ');
      const command = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ');
      return [{ pid: Number(name), parent: Number(fields[1]), command }];
    } catch {
      return []; // it ended while we looked
    }
  });
}

function fromPs(): ProcessInfo[] {
  const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,stat=,args='], { encoding: 'utf8' }).split('\n');
  return lines.flatMap((line) => {
    const [, pid, parent, state = '', command = ''] = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/.exec(line) ?? [];
    return pid === undefined
      ? []
      : [{ pid: Number(pid), parent: Number(parent), command: state.startsWith('Z') ? '' : command }];
  });
}
