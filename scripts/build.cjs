// Compiles src/ and migrations/ to dist/ with swc (0.5 s; types are checked apart, by `npm run check:types`).
// Built into a fresh folder and renamed into place, so that two builds at once never show a half-written dist/.
const { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync, copyFileSync } = require('node:fs');
const { dirname, join, relative } = require('node:path');
const { transformFileSync } = require('@swc/core');

const root = join(__dirname, '..');
const fresh = join(root, `dist.${process.pid}.tmp`);
const options = JSON.parse(readFileSync(join(root, '.swcrc'), 'utf8'));

function* files(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* files(path);
    else yield path;
  }
}

for (const folder of ['src', 'migrations']) {
  for (const path of files(join(root, folder))) {
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

const dist = join(root, 'dist');
const old = join(root, `dist.${process.pid}.old`);
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
rmSync(fresh, { recursive: true, force: true });
rmSync(old, { recursive: true, force: true });
