// Compiles packages/* with tsc, types included; what has not changed is not compiled again. --fresh begins from nothing,
// as `npm pack` does: nothing of an earlier build is published.
const { spawnSync } = require('node:child_process');
const { mkdirSync, rmSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');

const packages = join(__dirname, '..', 'packages');
const commonJs = join(packages, 'client', 'dist', 'cjs');

if (process.argv.includes('--fresh')) {
  for (const name of ['verifier', 'client']) rmSync(join(packages, name, 'dist'), { recursive: true, force: true });
}
const { status } = spawnSync(process.execPath, [require.resolve('typescript/bin/tsc'), '--build', packages], {
  stdio: 'inherit',
});
if (status !== 0) process.exit(1);
// The client is a package of ES modules; this folder of it is not.
mkdirSync(commonJs, { recursive: true });
writeFileSync(join(commonJs, 'package.json'), '{ "type": "commonjs" }\n');
