// Serves what Vite has built of web/, under a policy that allows nothing from other origins and nothing inline. Names of files contain a digest, so
// browsers may keep them for good; the document is never stored. All files are read at the start. Each is compressed for the first request that
// accepts that.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/** security.md 5.6. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; base-uri 'none'; " +
  "form-action 'self'; frame-ancestors 'none'; object-src 'none'";

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
};

interface Built {
  /** Below web/dist. */
  readonly folder: 'pages' | 'dashboard';
  /** With which the addresses of its files begin; '' or a path without a slash at its end. */
  readonly prefix: string;
  /** The addresses of the document. */
  readonly addresses: readonly string[];
}

/** Must be called before the server listens. @returns false when the pages were not built; then nothing is served */
export function serveBuilt(server: FastifyInstance, { folder: name, prefix, addresses }: Built): boolean {
  const folder = builtFolder(name);
  if (folder === undefined) return false;
  const document = fileOf(join(folder, 'index.html'));
  for (const path of addresses) server.get(path, (request, reply) => send(request, reply, document));
  for (const asset of readdirSync(join(folder, 'assets'))) {
    const file = fileOf(join(folder, 'assets', asset));
    server.get(`${prefix}/assets/${asset}`, (request, reply) =>
      send(request, reply.header('cache-control', 'public, max-age=31536000, immutable'), file),
    );
  }
  return true;
}

// The compiled server lies one folder deeper than its sources, which tests run.
function builtFolder(name: string): string | undefined {
  const candidates = ['../..', '../../..'].map((root) => join(__dirname, root, 'web/dist', name));
  return candidates.find((folder) => existsSync(join(folder, 'index.html')));
}

interface ServedFile {
  readonly type: string;
  readonly plain: Buffer;
  gzipped?: Buffer;
}

function fileOf(path: string): ServedFile {
  const plain = readFileSync(path);
  return { type: types[extname(path)] ?? 'application/octet-stream', plain };
}

function send(request: FastifyRequest, reply: FastifyReply, file: ServedFile): FastifyReply {
  const takesGzip = /\bgzip\b/.test(request.headers['accept-encoding'] ?? '');
  if (takesGzip) void reply.header('content-encoding', 'gzip');
  return reply
    .header('content-security-policy', POLICY)
    .header('vary', 'Origin, Accept-Encoding')
    .type(file.type)
    .send(takesGzip ? gzippedOf(file) : file.plain);
}

/** Takes milliseconds, once per file. */
function gzippedOf(file: ServedFile): Buffer {
  return (file.gzipped ??= gzipSync(file.plain, { level: 9 }));
}
