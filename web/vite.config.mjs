import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const phones = dirname(createRequire(import.meta.url).resolve('libphonenumber-js/package.json'));

// Everything is a file of its own with a digest in its name: the policy allows nothing inline.
export default defineConfig({
  resolve: {
    alias: [
      {
        find: '@latchkey/client',
        replacement: fileURLToPath(new URL('../packages/client/src/index.ts', import.meta.url)),
      },
      // As data: a browser reads it faster than a script that says the same.
      { find: /^number-plans\.json/, replacement: join(phones, 'metadata.min.json') },
    ],
  },
  build: {
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
});
