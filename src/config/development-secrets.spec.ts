import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { keptOnce } from './development-secrets';

describe('a secret of a development', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'development-secrets-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is made once, and is there from then on', () => {
    const secrets = join(folder, 'secrets');
    expect(keptOnce(secrets, 'A_KEY', () => 'the first')).toBe('the first');
    expect(keptOnce(secrets, 'A_KEY', () => 'another')).toBe('the first');
  });

  it('names the setting and the file where none can be made', () => {
    const file = join(folder, 'secrets');
    writeFileSync(file, '');
    const path = join(file, 'A_KEY');
    expect(() => keptOnce(file, 'A_KEY', () => 'a secret')).toThrow(
      `LATCHKEY_DIR: ${path} cannot be read or made (EEXIST)`,
    );
  });
});
