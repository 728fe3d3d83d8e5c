import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readCredentials, readSettings } from './simulator.settings';

describe('readSettings', () => {
  it('listens on the loopback address and port 3001 unless told', () => {
    expect(readSettings({})).toEqual({
      port: 3001,
      host: '127.0.0.1',
      smtpPort: 3025,
      smtpPortMayDiffer: true,
      clockOffsetFile: undefined,
    });
    expect(readSettings({ SIMULATOR_PORT: '0', NODE_ENV: 'development' })).toMatchObject({ port: 0, smtpPort: 0 });
    expect(readSettings({ SIMULATOR_SMTP_PORT: 'off' }).smtpPort).toBeUndefined();
  });

  it.each(['production', 'Production', 'prod', 'staging'])(
    'A19: does not start under NODE_ENV=%s and names the setting',
    (name) => {
      expect(() => readSettings({ NODE_ENV: name })).toThrow(/^NODE_ENV is /);
    },
  );

  it.each(['x', '-1', '65536', '3001.5', '0x10'])('refuses the port %p by name, not by value', (port) => {
    expect(() => readSettings({ SIMULATOR_PORT: port })).toThrow('SIMULATOR_PORT must be a whole number');
  });
});

describe('readCredentials', () => {
  const folder = mkdtempSync(join(tmpdir(), 'simulator-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const dialects = [{ provider: 'acme', developmentKeys: { ACME_KEY: () => 'generated' }, routes: () => [] }];

  it('makes a key once and reads the same one afterwards', () => {
    expect(readCredentials({ LATCHKEY_DIR: folder }, dialects)['ACME_KEY']).toBe('generated');
    const others = [{ ...dialects[0]!, developmentKeys: { ACME_KEY: () => 'another' } }];
    expect(readCredentials({ LATCHKEY_DIR: folder }, others)['ACME_KEY']).toBe('generated');
  });

  it('prefers the environment, then the file it names', () => {
    const path = join(folder, 'key-file');
    writeFileSync(path, 'from the file\n');
    expect(readCredentials({ LATCHKEY_DIR: folder, ACME_KEY: 'mine' }, dialects)['ACME_KEY']).toBe('mine');
    expect(readCredentials({ LATCHKEY_DIR: folder, ACME_KEY_FILE: path }, dialects)['ACME_KEY']).toBe('from the file');
    const ofWidget = { LATCHKEY_DIR: folder, HCAPTCHA_SECRET_KEY_FILE: path };
    expect(readCredentials(ofWidget, dialects)['HCAPTCHA_SECRET_KEY']).toBe('from the file');
    const missing = { LATCHKEY_DIR: folder, ACME_KEY_FILE: join(folder, 'none') };
    expect(() => readCredentials(missing, dialects)).toThrow('ACME_KEY_FILE names a file that cannot be read');
  });
});
