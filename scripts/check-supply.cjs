// What comes in from others: the lock is complete and names no registry, no package runs a script at installation, nothing that is
// shipped has a known hole (where the registry can say so), and `npm run sbom` lists all that is locked. npm's own --omit dev leaves
// out what tools need as well, so the list holds everything.
const { execFileSync, spawnSync } = require('node:child_process');
const { readFileSync } = require('node:fs');
const { join } = require('node:path');

const root = join(__dirname, '..');
const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
const foreign = Object.entries(lock.packages).filter(([path, { link }]) => path.includes('node_modules/') && !link);
const problems = [];

for (const [path, { integrity, resolved }] of foreign) {
  if (!integrity) problems.push(`${path} has no integrity in package-lock.json`);
  if (resolved) problems.push(`${path} names where it came from: ${resolved}`);
}

if (!/^ignore-scripts=true$/m.test(readFileSync(join(root, '.npmrc'), 'utf8'))) {
  problems.push('.npmrc lets packages run scripts at installation (ignore-scripts)');
}

const sbom = JSON.parse(
  execFileSync('npm', ['sbom', '--package-lock-only', '--sbom-format', 'cyclonedx'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 << 20,
    stdio: ['ignore', 'pipe', 'ignore'],
  }),
);
const named = new Set(sbom.components.map(({ name, version }) => `${name}@${version}`));
for (const [path, { version, name }] of foreign) {
  const installedAs = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
  if (named.has(`${installedAs}@${version}`) || named.has(`${name}@${version}`)) continue;
  problems.push(`${installedAs}@${version} is in the lock and not in the SBOM`);
}

const audit = spawnSync('npm', ['audit', '--omit', 'dev', '--json'], { cwd: root, encoding: 'utf8' });
let counts;
try {
  counts = JSON.parse(audit.stdout).metadata?.vulnerabilities;
} catch {
  counts = undefined;
}
if (counts && counts.high + counts.critical > 0) {
  problems.push(`npm audit: ${counts.high} high, ${counts.critical} critical; see npm audit --omit dev`);
}

for (const problem of problems) console.error(problem);
const audited = counts
  ? `${counts.moderate} moderate, ${counts.low} low`
  : 'not checked (this registry has no advisories)';
console.log(`${foreign.length} packages locked, ${named.size} in the SBOM; audit: ${audited}`);
process.exitCode = problems.length > 0 ? 1 : 0;
