import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findBinaries, program } from './binaries';
import { ensureCluster } from './cluster';
import { chooseHome, type Home } from './home';

describe('a cluster that cannot be made', () => {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-cluster-'));
  chmodSync(folder, 0o755);

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** The same home, whose initdb runs after the given shell command. */
  function after(command: string, home: Home): Home {
    const native = join(folder, 'native');
    const initdb = program({ ...home.binaries, native }, 'initdb');
    mkdirSync(join(native, 'bin'), { recursive: true });
    writeFileSync(initdb, `#!/bin/sh\n${command}\nexec '${program(home.binaries, 'initdb')}' "$@"\n`);
    chmodSync(initdb, 0o755);
    return { ...home, binaries: { ...home.binaries, native } };
  }

  it('is told with the reason of initdb, which is not the last that it says, and leaves nothing behind', async () => {
    const data = join(folder, 'data');
    const home = after('ulimit -f 1000', chooseHome(data, findBinaries()));
    await expect(ensureCluster(home)).rejects.toThrow(
      /^the embedded PostgreSQL cannot be prepared \([^\n]*FATAL: [^\n]*File too large\): set DATABASE_URL$/,
    );
    expect(readdirSync(data)).toEqual([]);
  });
});
