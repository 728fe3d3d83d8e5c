// The pages of web/ for people: the document is the same at every address a person can have in the browser (built-files.ts). What a
// page has to know of this server is at /pages/settings.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { serveBuilt } from './built-files';

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

export interface PagesOptions {
  /** Constant, and for everybody to read. */
  readonly settings: Readonly<Record<string, unknown>>;
  /**
   * @param address of whoever asks, who may be anybody
   * @returns the client app's name when people may be sent back to this very address, else undefined. @throws AppError
   */
  readonly appToReturnTo: (clientId: string, redirectUri: string, address: string) => Promise<string | undefined>;
}

interface Returning {
  readonly clientId?: unknown;
  readonly redirectUri?: unknown;
}

/** @returns false when the pages have not been built; nothing is served then */
export function servePages(server: FastifyInstance, options: PagesOptions): boolean {
  if (!serveBuilt(server, { folder: 'pages', prefix: '', addresses: ADDRESSES })) return false;
  server.get<{ Querystring: Returning }>('/pages/settings', async (request, reply) =>
    reply.send({ ...options.settings, client: await clientOf(request, options) }),
  );
  return true;
}

/** null: people stay here. An address that is not on the client's list, letter by letter, is treated as none. */
async function clientOf(request: FastifyRequest<{ Querystring: Returning }>, { appToReturnTo }: PagesOptions) {
  const { clientId, redirectUri } = request.query;
  if (typeof clientId !== 'string' || typeof redirectUri !== 'string') return null;
  const name = await appToReturnTo(clientId, redirectUri, request.clientAddress);
  return name === undefined ? null : { clientId, name, redirectUri };
}
