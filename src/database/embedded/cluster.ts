// Makes the database cluster. initdb works in a temporary folder, which is renamed when it is complete, so a first start that is killed
// leaves no half cluster. The superuser's password is random and lies beside the data in a file with mode 0600.
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { isAlive } from '../../platform/process/is-alive';
import { OperatorError } from '../../platform/process/operator-error';
import { program } from './binaries';
import type { Home } from './home';

export const SUPERUSER = 'latchkey';

export function dataFolder(home: Home): string {
  return join(home.cluster, 'data');
}

export function readPassword(home: Home): string {
  return readFileSync(join(home.cluster, 'password'), 'utf8');
}

/** @throws OperatorError with the reason that initdb has printed */
export async function ensureCluster(home: Home): Promise<void> {
  removeAbandonedDrafts(home);
  if (existsSync(dataFolder(home))) return;
  const draft: Home = { ...home, cluster: `${home.cluster}.${process.pid}.${randomBytes(4).toString('hex')}.tmp` };
  try {
    prepareFolders(draft);
    await initdb(draft);
    renameSync(draft.cluster, home.cluster);
  } catch (error) {
    rmSync(draft.cluster, { recursive: true, force: true });
    // Another process has made the cluster at the same time; it is as good as ours.
    if (!existsSync(dataFolder(home))) throw error;
  }
}

function prepareFolders(draft: Home): void {
  const data = dataFolder(draft);
  const password = join(draft.cluster, 'password');
  mkdirSync(data, { recursive: true });
  chmodSync(draft.cluster, 0o755);
  chmodSync(data, 0o700);
  writeFileSync(password, randomBytes(24).toString('base64url'), { mode: 0o600 });
  if (draft.account === undefined) return;
  for (const path of [data, password]) chownSync(path, draft.account.uid, draft.account.gid);
}

async function initdb(draft: Home): Promise<void> {
  const options = [
    `--pgdata=${dataFolder(draft)}`,
    `--username=${SUPERUSER}`,
    `--pwfile=${join(draft.cluster, 'password')}`,
    '--encoding=UTF8',
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--auth=scram-sha-256',
  ];
  try {
    await promisify(execFile)(program(draft.binaries, 'initdb'), options, { ...draft.account, ...surroundings() });
  } catch (error) {
    const { stderr, message } = error as { stderr?: string; message: string };
    const words = reasonIn(stderr ?? '') || message.split('\n')[0];
    throw new OperatorError(`the embedded PostgreSQL cannot be prepared (${words ?? ''}): set DATABASE_URL`);
  }
}

/** The last lines are hints, or tell of cleaning up, where initdb has got as far as that. */
function reasonIn(stderr: string): string | undefined {
  const lines = stderr.trim().split('\n');
  return lines.findLast((line) => /error:|FATAL|PANIC/.test(line)) ?? lines.at(-1);
}

/** Environment and folder for the server's programs: without our secrets, and in a folder that their account can enter. */
export function surroundings(): { cwd?: string; env?: NodeJS.ProcessEnv } {
  if (process.platform === 'win32') return {};
  return { cwd: '/', env: { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' } };
}

function removeAbandonedDrafts(home: Home): void {
  const parent = dirname(home.cluster);
  if (!existsSync(parent)) return;
  for (const name of readdirSync(parent)) {
    const match = /^(.+)\.(\d+)\.[0-9a-f]{8}\.tmp$/.exec(name);
    if (match?.[1] !== basename(home.cluster) || isAlive(Number(match[2]))) continue;
    rmSync(join(parent, name), { recursive: true, force: true });
  }
}
