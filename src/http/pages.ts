// Serves the pages of web/. The document is the same at every address that a person can have in the browser (built-files.ts). What the
// pages need to know of this server is at /pages/settings.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { serveBuilt } from './built-files';

/** The addresses for which web/src/app.tsx has a page. */
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
  /** Constant, and readable by everybody. */
  readonly settings: Readonly<Record<string, unknown>>;
  /**
   * @param address of the client, who may be anybody
   * @returns the client app's name when people may be sent back to exactly this address, else undefined. @throws AppError
   */
  readonly appToReturnTo: (clientId: string, redirectUri: string, address: string) => Promise<string | undefined>;
}

interface Returning {
  readonly clientId?: unknown;
  readonly redirectUri?: unknown;
}

/** @returns false when the pages were not built; then nothing is served */
export function servePages(server: FastifyInstance, options: PagesOptions): boolean {
  if (!serveBuilt(server, { folder: 'pages', prefix: '', addresses: ADDRESSES })) return false;
  server.get<{ Querystring: Returning }>('/pages/settings', async (request, reply) =>
    reply.send({ ...options.settings, client: await clientOf(request, options) }),
  );
  return true;
}

/** Null when people stay here. An address that is not exactly on the client's list counts as none. */
async function clientOf(request: FastifyRequest<{ Querystring: Returning }>, { appToReturnTo }: PagesOptions) {
  const { clientId, redirectUri } = request.query;
  if (typeof clientId !== 'string' || typeof redirectUri !== 'string') return null;
  const name = await appToReturnTo(clientId, redirectUri, request.clientAddress);
  return name === undefined ? null : { clientId, name, redirectUri };
}
