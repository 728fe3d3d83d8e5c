// npm run test:specs. Keeps client and dialect from sharing one misreading of a vendor: between them stands the vendor's
// own specification (VENDOR_SPECS=<folder>: Prism in strict mode judges request and answer), and the vendors' own SDKs
// complete the flow against the dialects. Without the folder our own small schemas stand in. Exits 1 on any failure.
const { execFileSync } = require('node:child_process');
const { existsSync } = require('node:fs');
const { join } = require('node:path');

const here = __dirname;
const root = join(here, '..', '..');
const build = join(root, 'dist', 'src');

function prepare() {
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  if (!existsSync(join(here, 'node_modules', 'telnyx'))) {
    execFileSync(npm, ['ci', '--prefix', here, '--no-audit', '--no-fund'], { cwd: here, stdio: 'inherit' });
  }
  execFileSync(process.execPath, [join(root, 'scripts', 'build.cjs')], { stdio: 'inherit' });
}

async function main() {
  prepare();
  require('reflect-metadata');
  const { startDialects } = require('./dialect-server.cjs');
  const { driveClients } = require('./clients.cjs');
  const { driveSdks } = require('./sdks.cjs');
  const { specJudge, schemaJudge } = require('./judges.cjs');
  const rows = [];
  const vendors = await startDialects(build);
  const folder = process.env['VENDOR_SPECS'];
  if (!folder) console.log('vendor files: not checked');
  const judge = folder ? await specJudge(folder, vendors) : schemaJudge(vendors);
  try {
    await driveClients({ build, vendors, judge, rows });
    await driveSdks({ vendors, rows });
  } finally {
    await judge.close();
    vendors.close();
  }
  console.table(rows);
  const failed = rows.filter(({ result }) => result !== 'ok').length;
  console.log(`${rows.length - failed} of ${rows.length} ok`);
  process.exit(failed === 0 && rows.length > 0 ? 0 : 1);
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
