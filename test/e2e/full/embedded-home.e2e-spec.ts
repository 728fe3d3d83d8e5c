// Where the embedded PostgreSQL has its data when root and an ordinary user start it in one folder: nobody ever gets an empty database in place of
// the one that there is. Only root can play both.
import { spawnSync } from 'node:child_process';
import { hash } from 'node:crypto';
import { chmodSync, chownSync, existsSync, mkdtempSync, realpathSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCli } from '../../support/cli';

const ROOT = 0;
/** An account that every system has, as initdb demands. It is neither of those that root runs the server under. */
const SOMEBODY = Number(spawnSync('id', ['-u', 'daemon'], { encoding: 'utf8' }).stdout);
const asRoot = process.getuid?.() === ROOT ? describe : describe.skip;
/** A home folder, and LATCHKEY_DIR in it. */
let home: string;
let folder: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'latchkey-home-'));
  chownSync(home, SOMEBODY, SOMEBODY);
  folder = join(home, '.latchkey');
});

afterEach(() => {
  if (existsSync(folder)) rmSync(systemFolder(), { recursive: true, force: true });
  rmSync(home, { recursive: true, force: true });
});

/** Where root's data is when its server cannot enter the home folder. */
function systemFolder(): string {
  return join('/var/lib/latchkey', hash('sha256', realpathSync(folder), 'hex').slice(0, 16));
}

/** The signing key, by which one database is told from another. */
async function keyOf(uid: number): Promise<string> {
  const { code, stdout, stderr } = await runCli({ LATCHKEY_DIR: folder }, ['keys', 'list', '--json'], { uid });
  if (code !== 0) throw new Error(stderr);
  const [{ kid }] = stdout.split('\n', 1).map((line) => JSON.parse(line) as { kid: string }) as [{ kid: string }];
  return kid;
}

async function refusalOf(uid: number): Promise<string> {
  const { code, stderr } = await runCli({ LATCHKEY_DIR: folder }, ['keys', 'list'], { uid });
  expect([code, stderr]).toEqual([1, expect.stringMatching(/^latchkey: [^\n]+\n$/)]);
  return stderr;
}

asRoot('a private home', () => {
  beforeEach(() => chmodSync(home, 0o700));

  it('where root was first: an ordinary user is told where its data is, and makes none; root finds it as before', async () => {
    const key = await keyOf(ROOT);
    const kept = join(systemFolder(), 'postgres');
    expect(existsSync(kept)).toBe(true);
    expect(await keyOf(ROOT)).toBe(key);
    spawnSync('chown', ['-R', `${SOMEBODY}:${SOMEBODY}`, folder]); // what whoever may not read root's files does next
    const refusal = await refusalOf(SOMEBODY);
    for (const named of [kept, join(realpathSync(folder), 'postgres'), 'as root', 'LATCHKEY_DIR', 'DATABASE_URL']) {
      expect(refusal).toContain(named);
    }
    expect(existsSync(join(folder, 'postgres'))).toBe(false);
    expect(await keyOf(ROOT)).toBe(key);
  });

  it('where its user was first: root uses the same data, as that user, and both find it again', async () => {
    const key = await keyOf(SOMEBODY);
    for (const uid of [ROOT, SOMEBODY]) expect(await keyOf(uid)).toBe(key);
    expect(statSync(join(folder, 'postgres', 'data')).uid).toBe(SOMEBODY);
  });
});

asRoot('a home that others may enter', () => {
  beforeEach(() => chmodSync(home, 0o755));

  it('where root was first: the data is in the folder, and an ordinary user is told whose it is', async () => {
    const key = await keyOf(ROOT);
    expect(existsSync(join(folder, 'postgres'))).toBe(true);
    chownSync(folder, SOMEBODY, SOMEBODY);
    expect(await refusalOf(SOMEBODY)).toContain('belongs to uid');
    expect(await keyOf(ROOT)).toBe(key);
  });
});
