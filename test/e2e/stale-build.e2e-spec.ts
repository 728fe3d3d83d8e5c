// What a bare `jest` does after a build that failed, in a scratch copy of the sources that has a program from before.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '../support/program';

const copied = ['src', 'migrations', 'scripts', 'test/support', '.swcrc', 'package.json', 'jest.config.cjs'];
const ofJest = ['test/global-setup.ts', 'test/global-teardown.ts'];
const builtBefore = ['dist/src', 'packages/client/dist'];
const specs = {
  'src/passing.spec.ts': `it('passes', () => undefined);`,
  'test/starting.e2e-spec.ts': `import { Program } from './support/program';
    it('starts', () => new Program('main.js', {}).exited);`,
};

let scratch: string;
beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), 'latchkey-stale-'));
  for (const path of [...copied, ...ofJest]) cpSync(join(ROOT, path), join(scratch, path), { recursive: true });
  for (const path of builtBefore) mkdirSync(join(scratch, path), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(scratch, 'node_modules'));
  writeFileSync(join(scratch, 'dist', 'src', 'main.js'), '');
  for (const [path, text] of Object.entries(specs)) writeFileSync(join(scratch, path), text);
  writeFileSync(join(scratch, 'src', 'broken.ts'), 'export const = 1;');
  expect(node('scripts/build.cjs').status).toBe(1);
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** The server of this run is not that of the other: it would make its template anew. */
function node(script: string, ...args: string[]) {
  const env = { ...process.env, TEST_DATABASE_URL: '' };
  return spawnSync(process.execPath, [join(scratch, script), ...args], { cwd: scratch, env, encoding: 'utf8' });
}

it('the program from before is not started, and unit specs run', () => {
  const { stderr } = node('node_modules/jest/bin/jest.js', '-w', '1', ...Object.keys(specs));
  expect(stderr).toContain('PASS src/passing.spec.ts');
  expect(stderr).toContain('FAIL test/starting.e2e-spec.ts');
  expect(stderr).toContain('dist/ is not built from these sources: node scripts/build.cjs');
});
