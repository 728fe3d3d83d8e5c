// Every rule of .dependency-cruiser.cjs bites: a small tree breaks each of them once, and each is reported for that very file.
// A rule added without a plant here fails the first test.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';

interface Rules {
  forbidden: { name: string }[];
}
interface Report {
  summary: { violations: { from: string; rule: { name: string } }[] };
}

const root = join(__dirname, '../..');
const configPath = join(root, '.dependency-cruiser.cjs');
const rules = (createRequire(__filename)(configPath) as Rules).forbidden.map(({ name }) => name);

/** Rule -> the file that breaks it and what it imports. */
const plants: Record<string, { from: string; to?: string }> = {
  'no-cycles': { from: 'src/users/circle-a.ts', to: 'src/users/circle-b.ts' },
  'roots-are-not-imported': { from: 'src/users/root.ts', to: 'src/main.ts' },
  'http-belongs-to-the-roots': { from: 'src/ops/http.ts', to: 'src/http/server.ts' },
  'start-belongs-to-the-roots': { from: 'src/main.ts', to: 'src/start/supervisor.ts' },
  'migrations-import-nothing-of-ours': { from: 'migrations/1-Breach.ts', to: 'src/users/target.ts' },
  'packages-and-examples-know-nothing-of-the-server': { from: 'examples/api/server.ts', to: 'src/users/target.ts' },
  'packages-are-strangers': { from: 'packages/one/src/a.ts', to: 'packages/two/src/b.ts' },
  'the-server-knows-no-package': { from: 'src/users/package.ts', to: 'packages/two/src/b.ts' },
  'no-dead-files': { from: 'src/users/lonely.ts' },
  'front-door-only': { from: 'src/auth/peek.ts', to: 'src/users/users.store.ts' },
  'the-sms-contract-is-for-message-sources': { from: 'src/ops/contract.ts', to: 'src/sms/contract/provider.ts' },
  'controllers-never-see-rows': { from: 'src/users/users.controller.ts', to: 'src/users/users.store.ts' },
  'policies-are-pure': { from: 'src/users/users.policy.ts', to: 'src/database/target.ts' },
  'dtos-touch-nothing': { from: 'src/users/users.request.ts', to: 'src/users/users.store.ts' },
  'vendor-folders-are-strangers': { from: 'src/sms/providers/acme/a.ts', to: 'src/sms/providers/other/b.ts' },
  'vendor-knows-only-the-contract': { from: 'src/sms/providers/acme/wide.ts', to: 'src/sms/routing/target.ts' },
  'only-the-registry-opens-a-vendor-folder': { from: 'src/sms/routing/opens.ts', to: 'src/sms/providers/acme/a.ts' },
  'simulator-opens-only-dialects': { from: 'src/simulator/client.ts', to: 'src/sms/providers/acme/a.ts' },
  'simulator-never-ships-inside-the-app': { from: 'src/app.module.ts', to: 'src/simulator/target.ts' },
  'dialects-never-ship-inside-the-app': { from: 'src/sms/ships.ts', to: 'src/sms/providers/acme/acme.dialect.ts' },
  'what-the-app-does-not-use-is-a-dialect': { from: 'src/sms/providers/acme/memory.ts' },
  // The simulator is on nobody's list, and users not on the simulator's.
  ...Object.fromEntries(
    rules
      .filter((name) => name.startsWith('arrow-'))
      .map((name): [string, { from: string; to: string }] => {
        const module = name.slice('arrow-'.length);
        const to = module === 'simulator' ? 'src/users/target.ts' : 'src/simulator/target.ts';
        return [name, { from: `src/${module}/arrow.ts`, to }];
      }),
  ),
};

function plant(folder: string): void {
  const imports = new Map<string, Set<string>>();
  const importsOf = (file: string): Set<string> =>
    imports.get(file) ?? imports.set(file, new Set()).get(file) ?? new Set();
  for (const { from, to } of Object.values(plants)) {
    importsOf(from);
    if (to === undefined) continue;
    importsOf(from).add(to);
    importsOf(to);
  }
  importsOf('src/users/circle-b.ts').add('src/users/circle-a.ts');
  for (const [file, targets] of imports) {
    const lines = [...targets].map((target, at) => {
      const path = relative(dirname(file), target).replace(/\.ts$/, '');
      return `import { value as value${at} } from '${path.startsWith('.') ? path : `./${path}`}';\nvoid value${at};`;
    });
    mkdirSync(join(folder, dirname(file)), { recursive: true });
    writeFileSync(join(folder, file), [...lines, 'export const value = 1;', ''].join('\n'));
  }
  writeFileSync(join(folder, 'tsconfig.json'), '{"compilerOptions":{"module":"CommonJS"}}');
}

function cruise(folder: string): Report {
  const program = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
  const roots = ['src', 'migrations', 'packages', 'examples'];
  const options = ['--config', configPath, '--output-type', 'json', ...roots];
  return JSON.parse(execFileSync(process.execPath, [program, ...options], { cwd: folder, encoding: 'utf8' })) as Report;
}

describe('the arrows of the house', () => {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-arrows-'));
  let caught: string[];

  beforeAll(() => {
    plant(folder);
    caught = cruise(folder).summary.violations.map(({ from, rule }) => `${rule.name}: ${from}`);
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('all have a breach planted', () => {
    expect(Object.keys(plants).sort()).toEqual([...rules].sort());
  });

  it.each(Object.entries(plants))('%s is caught', (rule, { from }) => {
    expect(caught).toContain(`${rule}: ${from}`);
  });
});
