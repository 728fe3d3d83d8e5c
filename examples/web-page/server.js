// Serves the page, its settings, and the client as it is published. Nothing else of this machine can be asked for.
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const { LATCHKEY_URL = 'http://127.0.0.1:3000', API_URL = 'http://127.0.0.1:4000', PORT = '8080' } = process.env;
const here = dirname(fileURLToPath(import.meta.url));
const client = dirname(fileURLToPath(import.meta.resolve('@latchkey/client')));

const pages = {
  '/': ['index.html', 'text/html'],
  '/app.js': ['app.js', 'text/javascript'],
  '/style.css': ['style.css', 'text/css'],
};
const headers = {
  'content-security-policy':
    `default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self' ${LATCHKEY_URL} ${API_URL}; ` +
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
};

async function find(path) {
  if (path === '/config.json') return ['application/json', JSON.stringify({ latchkey: LATCHKEY_URL, api: API_URL })];
  const [, name] = /^\/latchkey\/([a-z0-9-]+(?:\.[a-z]+)?\.js)$/.exec(path) ?? [];
  if (name !== undefined) return ['text/javascript', await readFile(join(client, name))];
  const [file, type] = pages[path] ?? [];
  return file === undefined ? undefined : [type, await readFile(join(here, file))];
}

const server = createServer(async (request, response) => {
  if (!URL.canParse(request.url, 'http://page')) return response.writeHead(400, headers).end();
  const { pathname } = new URL(request.url, 'http://page');
  const [type, body] = (await find(pathname).catch(() => undefined)) ?? [];
  if (type === undefined) response.writeHead(404, headers).end();
  else response.writeHead(200, { ...headers, 'content-type': `${type}; charset=utf-8` }).end(body);
});

server.listen(Number(PORT), '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}`));
