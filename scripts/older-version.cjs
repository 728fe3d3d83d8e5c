// An earlier commit of this repository, built beside it: its programs run against the packages that are installed here.
const { execFileSync } = require('node:child_process');
const { mkdtempSync, rmSync, symlinkSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');

const root = join(__dirname, '..');
const git = (...args) => execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

/**
 * @param ref commit or tag; the last tag unless told
 * @returns the built checkout, and how to remove it. Throws an Error with the reason when this clone does not have it
 */
function olderVersion(ref) {
  let commit;
  try {
    const wanted = ref ?? git('describe', '--tags', '--abbrev=0', 'HEAD^').trim();
    commit = git('rev-parse', '--verify', `${wanted}^{commit}`).trim();
  } catch {
    const isShallow = git('rev-parse', '--is-shallow-repository').trim() === 'true';
    const why = isShallow ? 'this clone has no history (git fetch --unshallow --tags)' : 'there is no such commit';
    throw new Error(`${ref ?? 'an earlier release'}: ${why}; name one with --from <ref>`);
  }
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-older-'));
  const remove = () => {
    rmSync(folder, { recursive: true, force: true });
    git('worktree', 'prune');
  };
  try {
    git('worktree', 'add', '--detach', '--force', folder, commit);
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
    execFileSync(process.execPath, [join(folder, 'scripts', 'build.cjs')], { cwd: folder, stdio: 'inherit' });
  } catch (error) {
    remove();
    throw error;
  }
  return { folder, commit, remove };
}

module.exports = { olderVersion };
