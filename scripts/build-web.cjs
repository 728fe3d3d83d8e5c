// Builds the pages for people and the operators' dashboard to web/dist, when their sources have changed since; `npm start` waits for nothing
// else. Fails when the scripts of one of them, as a browser gets them, are larger than they may be. Built aside and renamed into place.
const { createHash } = require('node:crypto');
const { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } = require('node:fs');
const { join, relative } = require('node:path');
const { pathToFileURL } = require('node:url');
const { gzipSync } = require('node:zlib');

const SCRIPT_BYTES_MAX = 120_000;

/** Two programs, each with all that it needs: people do not fetch what operators look at. */
const programs = [
  { name: 'pages', root: '.', base: '/' },
  { name: 'dashboard', root: 'dashboard', base: '/dashboard/' },
];

const root = join(__dirname, '..');
const web = join(root, 'web');
const dist = join(web, 'dist');
const stamp = join(dist, '.built-from');

function* files(path) {
  if (!existsSync(path)) return;
  const entries = readdirSync(path, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    const inner = join(path, entry.name);
    if (entry.isDirectory()) yield* files(inner);
    else yield inner;
  }
}

/** Of everything that makes a difference, the versions of libraries included. */
function sourcesDigest() {
  const digest = createHash('sha256');
  const single = ['package-lock.json', 'web/index.html', 'web/vite.config.mjs', 'scripts/build-web.cjs'];
  const folders = ['web/src', 'web/dashboard', 'packages/client/src'].flatMap((folder) => [
    ...files(join(root, folder)),
  ]);
  for (const path of [...single.map((name) => join(root, name)), ...folders]) {
    digest
      .update(`${relative(root, path)}\0`)
      .update(readFileSync(path))
      .update('\0');
  }
  return digest.digest('hex');
}

function demandSmall(folder) {
  const scripts = [...files(folder)].filter((path) => path.endsWith('.js'));
  const sizes = scripts.map((path) => [relative(folder, path), gzipSync(readFileSync(path), { level: 9 }).length]);
  const total = sizes.reduce((sum, [, bytes]) => sum + bytes, 0);
  if (total <= SCRIPT_BYTES_MAX) return total;
  for (const [name, bytes] of sizes) console.error(`${bytes} ${name}`);
  throw new Error(`the scripts are ${total} bytes gzipped; ${SCRIPT_BYTES_MAX} are allowed`);
}

async function main() {
  const digest = sourcesDigest();
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === digest) return;
  const fresh = join(web, `dist.${process.pid}.tmp`);
  const old = join(web, `dist.${process.pid}.old`);
  try {
    const { build } = await import(pathToFileURL(require.resolve('vite', { paths: [web] })));
    const configFile = join(web, 'vite.config.mjs');
    const bytes = [];
    for (const { name, root: from, base } of programs) {
      const outDir = join(fresh, name);
      await build({ root: join(web, from), base, configFile, logLevel: 'warn', build: { outDir, emptyOutDir: true } });
      bytes.push(`${name} ${demandSmall(outDir)}`);
    }
    writeFileSync(join(fresh, '.built-from'), digest);
    if (existsSync(dist)) renameSync(dist, old);
    renameSync(fresh, dist);
    console.error(`built, in bytes of script, gzipped, of ${SCRIPT_BYTES_MAX}: ${bytes.join(', ')}`);
  } finally {
    for (const folder of [fresh, old]) rmSync(folder, { recursive: true, force: true });
  }
}

main().catch((error) => {
  console.error(String(error.message ?? error));
  process.exitCode = 1;
});
