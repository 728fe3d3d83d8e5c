// What a stranger gets from the registry: the built files and nothing else, an entry for every way to load them, no dependency
// on the server, and types that follow the contract.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '../../support/program';

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly engines: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
  readonly exports: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
  readonly private?: boolean;
}

const manifestOf = (folder: string): Manifest =>
  JSON.parse(readFileSync(join(ROOT, folder, 'package.json'), 'utf8')) as Manifest;
const root = manifestOf('.');

/** Paths that `npm pack` would put into the archive. The scripts of the package are not run: the build is there. */
function packed(folder: string): string[] {
  const options = { cwd: join(ROOT, folder), encoding: 'utf8' as const, stdio: ['ignore', 'pipe', 'ignore'] as const };
  const said = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
    ...options,
    stdio: [...options.stdio],
  });
  const answer = JSON.parse(said) as Record<string, { files: { path: string }[] }> | { files: { path: string }[] }[];
  const [archive] = Object.values(answer);
  return (archive?.files ?? []).map(({ path }) => path);
}

describe.each([
  ['packages/verifier', ['jose']],
  ['packages/client', []],
])('%s', (folder, dependencies) => {
  const manifest = manifestOf(folder);
  let files: string[];
  beforeAll(() => {
    files = packed(folder);
  });

  it('carries its build, its README and its manifest, and no source, test or build state', () => {
    const others = files.filter((path) => !/^dist\/.+\.(js|d\.ts)$/.test(path) && path !== 'dist/cjs/package.json');
    expect(others.sort()).toEqual(['README.md', 'package.json']);
    expect(files.filter((path) => /spec|test/.test(path))).toEqual([]);
  });

  it('has every file that its exports name, and the types beside it', () => {
    const named = Object.values(manifest.exports).flatMap((entry) =>
      typeof entry === 'string' ? [entry] : Object.values(entry),
    );
    for (const path of named.map((entry) => entry.replace('./', ''))) {
      expect(files).toContain(path);
      if (path.endsWith('.js')) expect(files).toContain(path.replace(/\.js$/, '.d.ts'));
    }
  });

  it('may be published, under the licence and for the versions of Node that the root has', () => {
    const { license, engines } = root;
    expect(manifest).toMatchObject({ license, engines });
    expect(manifest.private).toBeUndefined();
  });

  it('depends on what it says; a framework is the choice of the application', () => {
    expect(Object.keys(manifest.dependencies ?? {})).toEqual(dependencies);
    const peers = Object.keys(manifest.peerDependencies ?? {});
    expect(peers.filter((name) => manifest.peerDependenciesMeta?.[name]?.optional !== true)).toEqual([]);
    const imported = files.flatMap((path) =>
      path.endsWith('.js') ? importsOf(readFileSync(join(ROOT, folder, path), 'utf8')) : [],
    );
    const allowed = [...dependencies, ...peers];
    expect(imported.filter((name) => !name.startsWith('.') && !allowed.includes(name))).toEqual([]);
  });
});

function importsOf(code: string): string[] {
  return [...code.matchAll(/(?:require|import)\(["']([^"']+)["']\)|\bfrom ["']([^"']+)["']/g)].map(
    (match) => match[1] ?? match[2] ?? '',
  );
}

describe('an application of a stranger', () => {
  const use = `
    const client = new LatchkeyClient({ url: 'https://accounts.example.com', storage: memoryStorage() });
    const verifier = new LatchkeyVerifier({ issuer: 'https://accounts.example.com', audience: 'a' });
    console.log(typeof client.login, typeof verifier.verify, typeof latchkeyMiddleware, typeof latchkeyHook, typeof LatchkeyGuard);`;
  const names = [
    ['LatchkeyClient, memoryStorage', '@latchkey/client'],
    ['LatchkeyVerifier', '@latchkey/verifier'],
    ['latchkeyMiddleware', '@latchkey/verifier/express'],
    ['latchkeyHook', '@latchkey/verifier/fastify'],
    ['LatchkeyGuard', '@latchkey/verifier/nest'],
  ];
  const run = (type: string, code: string) =>
    spawnSync(process.execPath, [`--input-type=${type}`, '-e', code], { cwd: ROOT, encoding: 'utf8' });
  const expected = 'function function function function function\n';

  it('loads them as ES modules and with require, without a warning', () => {
    const imports = names.map(([what, from]) => `import { ${what} } from '${from}';`).join('\n');
    expect(run('module', imports + use)).toMatchObject({ stdout: expected, stderr: '' });
    const requires = names.map(([what, from]) => `const { ${what} } = require('${from}');`).join('\n');
    expect(run('commonjs', 'require("reflect-metadata");' + requires + use)).toMatchObject({
      stdout: expected,
      stderr: '',
    });
  });

  it.each([
    ['node16', 'node16'],
    ['nodenext', 'nodenext'],
    ['esnext', 'bundler'],
    ['commonjs', 'node10'],
  ])('finds their types with module %s, resolved as %s', (module, moduleResolution) => {
    const folder = mkdtempSync(join(ROOT, 'node_modules', '.latchkey-types-'));
    try {
      const imports = names.map(([what, from]) => `import { ${what} } from '${from}';`).join('\n');
      // A wrong type has to be noticed: else the types were not found, and everything is any.
      const wrong = `\n// @ts-expect-error a number is no address\nnew LatchkeyClient({ url: 5 });\n`;
      writeFileSync(join(folder, 'app.ts'), imports + use + wrong);
      const compiler = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
      const flags = ['--noEmit', '--strict', '--skipLibCheck', '--target', 'es2022', '--types', 'node'];
      const options = [...flags, '--module', module, '--moduleResolution', moduleResolution, join(folder, 'app.ts')];
      expect(spawnSync(process.execPath, [compiler, ...options], { encoding: 'utf8' })).toMatchObject({
        stdout: '',
        status: 0,
      });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

it('the types of the client are those of docs/openapi.json and docs/errors.md (node scripts/dump-client-types.cjs)', () => {
  const script = join(ROOT, 'scripts', 'dump-client-types.cjs');
  expect(spawnSync(process.execPath, [script, '--check'], { cwd: tmpdir(), encoding: 'utf8' })).toMatchObject({
    stderr: '',
    status: 0,
  });
});
