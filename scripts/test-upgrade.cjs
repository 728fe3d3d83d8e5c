// npm run test:upgrade -- --from <ref>: test/faults/full/rolling-upgrade between that commit and this one (F27, F28), with real code on
// both sides. In test:long the newer version is made out of this build instead, since a clone may lack the history.
const { spawnSync } = require('node:child_process');
const { join } = require('node:path');
const { parseArgs } = require('node:util');
const { olderVersion } = require('./older-version.cjs');

const { values } = parseArgs({ options: { from: { type: 'string' }, steps: { type: 'string', default: '20' } } });

function main() {
  let older;
  try {
    older = olderVersion(values.from);
  } catch (error) {
    process.stderr.write(`upgrade: not checked: ${error.message}\n`);
    return 2;
  }
  try {
    process.stderr.write(`from ${older.commit} to this build\n`);
    const jest = join(__dirname, '..', 'node_modules', 'jest', 'bin', 'jest.js');
    const args = [jest, '-w', '1', '--config', 'jest.long.config.cjs', 'test/faults/full/rolling-upgrade'];
    const env = { PATIENCE: '10', ...process.env, UPGRADE_FROM: older.folder, UPGRADE_STEPS: values.steps };
    return spawnSync(process.execPath, args, { cwd: join(__dirname, '..'), env, stdio: 'inherit' }).status ?? 1;
  } finally {
    older.remove();
  }
}

process.exitCode = main();
