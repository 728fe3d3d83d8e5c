// Compiles src/ and migrations/ to dist/ with swc, and bundles the programs (types are checked apart, by `npm run check:types`).
// Built into a fresh folder and renamed into place, so that two builds at once never show a half-written dist/. --check builds nothing, and
// fails when dist/ is missing or of other sources, as after a build that failed.
const { createHash } = require('node:crypto');
const {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
  copyFileSync,
} = require('node:fs');
const { dirname, join, relative } = require('node:path');

const root = join(__dirname, '..');
const dist = join(root, 'dist');
const fresh = join(root, `dist.${process.pid}.tmp`);
const old = join(root, `dist.${process.pid}.old`);
const STAMP = '.built-from';

function* files(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* files(path);
    else yield path;
  }
}

/** Of everything that makes a difference, the versions of Node and of what is installed included. */
function sourcesDigest() {
  const scripts = [
    'build',
    'bundle',
    'descriptions',
    'docstrings',
    'dump-openapi',
    'empty-database',
    'keep-code',
    'packages',
    'source-lines',
  ].map((name) => join(__dirname, `${name}.cjs`));
  const single = [...scripts, join(root, '.swcrc'), join(root, 'node_modules', '.package-lock.json')];
  const digest = createHash('sha256').update(`${process.version} ${process.arch}`);
  for (const path of [...single.filter(existsSync), ...files(join(root, 'migrations')), ...files(join(root, 'src'))]) {
    if (path.endsWith('.spec.ts')) continue;
    digest.update(`\0${relative(root, path)}\0`).update(readFileSync(path));
  }
  return digest.digest('hex');
}

function compile() {
  const { transformFileSync } = require('@swc/core');
  const options = JSON.parse(readFileSync(join(root, '.swcrc'), 'utf8'));
  for (const path of ['src', 'migrations'].flatMap((folder) => [...files(join(root, folder))])) {
    const target = join(fresh, relative(root, path));
    const served = relative(root, path).startsWith(join('src', 'simulator', 'page', '/'));
    const compiled = path.endsWith('.ts') && !path.endsWith('.spec.ts');
    if (!served && !compiled) continue;
    mkdirSync(dirname(target), { recursive: true });
    if (served) copyFileSync(path, target);
    if (!compiled) continue;
    const { code, map } = transformFileSync(path, {
      ...options,
      filename: path,
      sourceFileName: relative(dirname(target), path),
    });
    const js = target.replace(/\.ts$/, '.js');
    writeFileSync(js, `${code}//# sourceMappingURL=${js.split('/').pop()}.map\n`);
    writeFileSync(`${js}.map`, map);
  }
}

function putInPlace() {
  try {
    renameSync(dist, old);
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
  }
  try {
    renameSync(fresh, dist);
  } catch (error) {
    if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error; // another build of the same sources was first
  }
}

async function main() {
  const digest = sourcesDigest();
  const stamp = join(dist, STAMP);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === digest) return;
  if (process.argv.includes('--check')) {
    process.stderr.write('dist/ is not built from these sources: node scripts/build.cjs\n');
    process.exitCode = 1;
    return;
  }
  try {
    compile();
    await require('./descriptions.cjs').writeDescription(fresh);
    await require('./bundle.cjs').bundle(fresh);
    writeFileSync(join(fresh, STAMP), digest);
    putInPlace();
  } finally {
    for (const folder of [fresh, old]) rmSync(folder, { recursive: true, force: true });
  }
}

main().catch((error) => {
  process.stderr.write(`${error.stack}\n`);
  process.exitCode = 1;
});
