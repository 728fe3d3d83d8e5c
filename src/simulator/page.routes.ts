// Serves the page that shows the phones: six files of our own, which are read once. Its Content-Security-Policy lets it load nothing from other
// servers.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';

const files = [
  { url: '/', name: 'index.html', type: 'text/html; charset=utf-8' },
  { url: '/page/page.css', name: 'page.css', type: 'text/css; charset=utf-8' },
  { url: '/page/page.js', name: 'page.js', type: 'text/javascript; charset=utf-8' },
  { url: '/page/vendors.js', name: 'vendors.js', type: 'text/javascript; charset=utf-8' },
  { url: '/page/make.js', name: 'make.js', type: 'text/javascript; charset=utf-8' },
  { url: '/page/icon.svg', name: 'icon.svg', type: 'image/svg+xml' },
];

const headers = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-cache',
};

export function mountPage(app: FastifyInstance): void {
  for (const { url, name, type } of files) {
    const content = readFileSync(join(__dirname, 'page', name));
    app.get(url, (_request, reply) => reply.headers(headers).header('content-type', type).send(content));
  }
}
