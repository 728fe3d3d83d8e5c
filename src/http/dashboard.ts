// The operators' dashboard, on ADMIN_PORT alone (admin-listener.ts). The files hold nothing secret and need no key: what they show comes from
// the admin API, which does (ADR 73).
import type { FastifyInstance } from 'fastify';
import { serveBuilt } from './built-files';

const ADDRESS = '/dashboard';

/** @returns false when it has not been built; nothing is served then */
export function serveDashboard(server: FastifyInstance): boolean {
  return serveBuilt(server, { folder: 'dashboard', prefix: ADDRESS, addresses: [ADDRESS] });
}
