// The pages of web/ under a policy that takes nothing from elsewhere and nothing inline. The document is the same at every
// address a person can have in the browser; files carry a digest in their name and may be kept for good. All of it is read
// and compressed once, at start, so that a request is a look-up. What a page has to know of this server is at /pages/settings.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/** What web/src/app.tsx has a page for. */
const ADDRESSES = [
  '/',
  '/login',
  '/register',
  '/forgot',
  '/account',
  '/account/security',
  '/account/sessions',
  '/account/data',
];

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

export interface PagesOptions {
  /** Constant, and for everybody to read. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** @returns the client app's name when people may be sent back to this very address, else undefined. @throws AppError */
  readonly appToReturnTo: (clientId: string, redirectUri: string) => Promise<string | undefined>;
}

interface Returning {
  readonly clientId?: unknown;
  readonly redirectUri?: unknown;
}

/** @returns false when the pages have not been built; nothing is served then */
export function servePages(server: FastifyInstance, options: PagesOptions): boolean {
  const folder = builtFolder();
  if (folder === undefined) return false;
  const document = fileOf(join(folder, 'index.html'));
  for (const path of ADDRESSES) server.get(path, (request, reply) => send(request, reply, document));
  for (const name of readdirSync(join(folder, 'assets'))) {
    const file = fileOf(join(folder, 'assets', name));
    server.get(`/assets/${name}`, (request, reply) =>
      send(request, reply.header('cache-control', 'public, max-age=31536000, immutable'), file),
    );
  }
  server.get<{ Querystring: Returning }>('/pages/settings', async ({ query }, reply) =>
    reply.send({ ...options.settings, client: await clientOf(query, options) }),
  );
  return true;
}

/** null: people stay here. An address that is not on the client's list, letter by letter, is treated as none. */
async function clientOf({ clientId, redirectUri }: Returning, { appToReturnTo }: PagesOptions) {
  if (typeof clientId !== 'string' || typeof redirectUri !== 'string') return null;
  const name = await appToReturnTo(clientId, redirectUri);
  return name === undefined ? null : { clientId, name, redirectUri };
}

// As compiled the server lies one folder deeper than its sources, which tests run.
function builtFolder(): string | undefined {
  const candidates = [join(__dirname, '../../web/dist'), join(__dirname, '../../../web/dist')];
  return candidates.find((folder) => existsSync(join(folder, 'index.html')));
}

interface ServedFile {
  readonly type: string;
  readonly plain: Buffer;
  readonly gzipped: Buffer;
}

function fileOf(path: string): ServedFile {
  const plain = readFileSync(path);
  return { type: types[extname(path)] ?? 'application/octet-stream', plain, gzipped: gzipSync(plain, { level: 9 }) };
}

function send(request: FastifyRequest, reply: FastifyReply, { type, plain, gzipped }: ServedFile): FastifyReply {
  const takesGzip = /\bgzip\b/.test(request.headers['accept-encoding'] ?? '');
  if (takesGzip) void reply.header('content-encoding', 'gzip');
  return reply
    .header('content-security-policy', POLICY)
    .header('vary', 'Origin, Accept-Encoding')
    .type(type)
    .send(takesGzip ? gzipped : plain);
}
