// npm run test:specs. Keeps client and dialect from sharing one misreading of a vendor: between them stands the vendor's
// own specification (VENDOR_SPECS=<folder>: Prism in strict mode judges request and answer), and the vendors' own SDKs
// complete the flow against the dialects. Without the folder our own small schemas stand in. At the end, or alone with
// --self-test, the judges are judged: what is wrong on purpose has to be refused. Exits 1 on any failure.
const { execFileSync } = require('node:child_process');
const { existsSync } = require('node:fs');
const { join } = require('node:path');

const here = __dirname;
const root = join(here, '..', '..');
const build = join(root, 'dist', 'src');

function prepare() {
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const { dependencies } = require('./package.json');
  if (!Object.keys(dependencies).every((name) => existsSync(join(here, 'node_modules', name)))) {
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
  const { selfTest } = require('./self-test.cjs');
  const vendors = await startDialects(build);
  const folder = process.env['VENDOR_SPECS'];
  if (!folder) console.log('vendor files: not checked');
  const ours = schemaJudge(vendors);
  const judges = folder ? [await specJudge(folder, vendors), ours] : [ours];
  const rows = [];
  const selfRows = [];
  try {
    await driveClients({ build, vendors, judges, rows });
    const recorded = [...vendors.history];
    await driveSdks({ vendors, rows });
    for (const judge of judges) await selfTest({ vendors, judge, recorded, rows: selfRows });
  } finally {
    await Promise.all(judges.map((judge) => judge.close()));
    vendors.close();
  }
  const only = process.argv.includes('--self-test');
  const good = [...(only ? [] : [report('vendors', rows)]), report('self-test', selfRows)].every(Boolean);
  process.exit(good ? 0 : 1);
}

/** @returns whether there are rows and all are well */
function report(title, rows) {
  const passed = rows.filter(({ ok }) => ok).length;
  console.table(rows, ['vendor', 'witness', 'operation', 'direction', 'verdict']);
  console.log(`${title}: ${passed} of ${rows.length} ok`);
  return rows.length > 0 && passed === rows.length;
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
