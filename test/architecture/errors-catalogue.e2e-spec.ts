// The codes are a contract: docs/errors.md lists what the modules declare, no more and no less.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { allErrors, type ErrorDefinition } from '../../src/platform/errors/define-errors';

interface DumpErrors {
  readonly render: (errors: readonly ErrorDefinition[]) => string;
  readonly declarationFiles: (folder: string, extension: string) => string[];
}

const root = join(__dirname, '..', '..');
const { render, declarationFiles } = jest.requireActual<DumpErrors>('../../scripts/dump-errors.cjs');

describe('the catalogue of errors', () => {
  beforeAll(() => declarationFiles(join(root, 'src'), 'ts').forEach((file) => jest.requireActual(file)));

  it('is docs/errors.md (node scripts/build.cjs && node scripts/dump-errors.cjs)', () => {
    expect(readFileSync(join(root, 'docs', 'errors.md'), 'utf8')).toBe(render(allErrors()));
  });

  it('has flat snake_case codes, statuses of refusals, and texts that hold no placeholder', () => {
    for (const { code, status, title, detail } of allErrors()) {
      expect(code).toMatch(/^[a-z]+(_[a-z]+)*$/);
      expect([status >= 400, status < 600]).toEqual([true, true]);
      expect(`${title}${detail}`).not.toMatch(/[{}$%<>]/);
    }
  });
});
