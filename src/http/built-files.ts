// What Vite has built of web/, under a policy that takes nothing from elsewhere and nothing inline. Files carry a digest in their name and
// may be kept for good; the document is not stored. All of it is read at start, and compressed by the first request that may have it so.
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
  /** Of the addresses of its files; '' or a path without a slash at its end. */
  readonly prefix: string;
  /** At which the document is. */
  readonly addresses: readonly string[];
}

/** Must be called before the server listens. @returns false when it has not been built; nothing is served then */
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

// As compiled the server lies one folder deeper than its sources, which tests run.
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

/** Milliseconds, once a file. */
function gzippedOf(file: ServedFile): Buffer {
  return (file.gzipped ??= gzipSync(file.plain, { level: 9 }));
}
