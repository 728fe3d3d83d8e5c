// Decides which account the server runs under and where its files are. PostgreSQL refuses to run as root. So root uses the account
// `postgres` for it, or else `nobody`. Where that account cannot reach the checkout (a private home folder), binaries and data are under
// /var/lib/latchkey. The choice stays the same from start to start, so existing data is always found again.
import { spawnSync } from 'node:child_process';
import { hash } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { join } from 'node:path';
import { OperatorError } from '../../platform/process/operator-error';
import { type Binaries, program } from './binaries';

export interface Account {
  readonly uid: number;
  readonly gid: number;
}

export interface Home {
  readonly binaries: Binaries;
  /** Folder of the cluster: data, password and log. */
  readonly cluster: string;
  /** The account that the server runs under; absent when it is our own, which then is no root. */
  readonly account?: Account;
}

const SYSTEM_FOLDER = '/var/lib/latchkey';

/** @throws OperatorError when the data belongs to another account, is where only a start as root has it, or the server's account cannot reach it */
export function chooseHome(folder: string, binaries: Binaries): Home {
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  const cluster = join(realpathSync(folder), 'postgres');
  const uid = process.getuid?.();
  if (uid !== 0) {
    refuseForeignData(cluster, uid);
    refuseToHideData(folder, cluster);
    return { binaries, cluster };
  }
  openForTraversal(folder);
  return homeForRoot(folder, cluster, binaries);
}

function homeForRoot(folder: string, cluster: string, binaries: Binaries): Home {
  const account = ownerOf(cluster) ?? serverAccount();
  const home: Home = { binaries, cluster, account };
  if (existsSync(cluster)) {
    if (canReach(account, binaries, cluster)) return home;
    const copied = { ...home, binaries: copyBinaries(binaries, systemFolder(folder)) };
    if (canReach(account, copied.binaries, cluster)) return copied;
    throw new OperatorError(
      `the data in ${cluster} cannot be reached by uid ${account.uid}: set DATABASE_URL or move it`,
    );
  }
  const system = systemFolder(folder);
  if (!existsSync(join(system, 'postgres')) && canReach(account, binaries, folder)) return home;
  const copy = copyBinaries(binaries, system);
  const kept = join(system, 'postgres');
  return { binaries: copy, cluster: kept, account: ownerOf(kept) ?? account };
}

function systemFolder(folder: string): string {
  const name = hash('sha256', realpathSync(folder), 'hex').slice(0, 16);
  return join(SYSTEM_FOLDER, name);
}

function refuseForeignData(cluster: string, uid: number | undefined): void {
  const data = join(cluster, 'data');
  if (uid === undefined || !existsSync(data)) return;
  const owner = statSync(data).uid;
  if (owner === uid) return;
  throw new OperatorError(
    `the data in ${cluster} belongs to uid ${owner}: start as root as before, or set LATCHKEY_DIR or DATABASE_URL`,
  );
}

/** A second cluster in the folder would be empty, and root's next start would use that one, too. */
function refuseToHideData(folder: string, cluster: string): void {
  const kept = join(systemFolder(folder), 'postgres');
  if (existsSync(cluster) || !existsSync(kept)) return;
  throw new OperatorError(
    `root's data is in ${kept}, and there is none in ${cluster}: start as root as before, set LATCHKEY_DIR or DATABASE_URL, or delete root's data to start over`,
  );
}

/** Lets the server's account pass through a folder without listing it. Files with secrets have modes of their own. */
function openForTraversal(folder: string): void {
  const { mode } = statSync(folder);
  if ((mode & 0o011) !== 0o011) chmodSync(folder, (mode & 0o777) | 0o011);
}

function ownerOf(cluster: string): Account | undefined {
  const data = join(cluster, 'data');
  if (!existsSync(data)) return undefined;
  const { uid, gid } = statSync(data);
  return uid === 0 ? undefined : { uid, gid };
}

function serverAccount(): Account {
  const lines = existsSync('/etc/passwd') ? readFileSync('/etc/passwd', 'utf8').split('\n') : [];
  for (const name of ['postgres', 'nobody']) {
    const fields = lines.find((line) => line.startsWith(`${name}:`))?.split(':');
    const [uid, gid] = [Number(fields?.[2]), Number(fields?.[3])];
    if (Number.isInteger(uid) && Number.isInteger(gid) && uid > 0) return { uid, gid };
  }
  return { uid: 65_534, gid: 65_534 };
}

/** Runs the server's --version under that account, which fails for folders it cannot enter and for libraries it cannot read. */
function canReach(account: Account, binaries: Binaries, folder: string): boolean {
  const script = '"$1" --version >/dev/null 2>&1 && test -r "$2" && test -x "$3"';
  const bootstrap = join(binaries.native, 'share', 'postgresql', 'postgres.bki');
  const { status } = spawnSync('/bin/sh', ['-c', script, 'sh', program(binaries, 'postgres'), bootstrap, folder], {
    ...account,
    cwd: '/',
    env: {},
  });
  return status === 0;
}

function copyBinaries(binaries: Binaries, system: string): Binaries {
  const native = join(system, `native-${binaries.version}`);
  if (existsSync(native)) return { ...binaries, native };
  const draft = `${native}.${process.pid}.tmp`;
  try {
    mkdirSync(system, { recursive: true });
    for (const folder of [SYSTEM_FOLDER, system]) chmodSync(folder, 0o755);
    cpSync(binaries.native, draft, { recursive: true, verbatimSymlinks: true });
    spawnSync('chmod', ['-R', 'a+rX', draft]);
    renameSync(draft, native);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    if (existsSync(native)) return { ...binaries, native };
    throw new OperatorError(
      `the embedded PostgreSQL cannot be placed in ${system} (${(error as Error).message}): set DATABASE_URL`,
    );
  }
  return { ...binaries, native };
}
