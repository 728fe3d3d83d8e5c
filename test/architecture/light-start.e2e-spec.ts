// What an instance has loaded of Node when it is ready (ADR 90). Each part that is listed takes milliseconds of every start, and comes back
// by one `import` of ours or of a package that a release has added.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSystem } from '../support/instance';

const folder = mkdtempSync(join(tmpdir(), 'latchkey-start-'));
afterAll(() => rmSync(folder, { recursive: true }));

it('an instance is ready without TLS, HTTP/2, compression, fetch and files by promises', async () => {
  const [hook, list] = [join(folder, 'hook.cjs'), join(folder, 'loaded.json')];
  writeFileSync(
    hook,
    `const { write } = process.stdout;
     process.stdout.write = function (text, ...rest) {
       const isReady = String(text).startsWith('{"event":"ready"');
       if (isReady) require('fs').writeFileSync(${JSON.stringify(list)}, JSON.stringify(process.moduleLoadList));
       return write.call(this, text, ...rest);
     };`,
  );
  const system = await startSystem();
  try {
    await system.restart(0, { NODE_OPTIONS: `--require "${hook}"` });
    const loaded = JSON.parse(readFileSync(list, 'utf8')) as string[];
    const parts = ['tls', 'https', 'http2', 'zlib', 'internal/fs/promises', 'internal/deps/undici/undici'];
    expect(loaded.filter((part) => parts.some((name) => part === `NativeModule ${name}`))).toEqual([]);
    expect(loaded).toContain('NativeModule http');
  } finally {
    await system.stop();
  }
});
