// The operators' dashboard, on ADMIN_PORT only (admin-listener.ts). Its files contain no secret and need no key; what it shows comes from
// the admin API, which needs one (ADR 73).
import type { FastifyInstance } from 'fastify';
import { serveBuilt } from './built-files';

const ADDRESS = '/dashboard';

/** @returns false when the dashboard was not built; then nothing is served */
export function serveDashboard(server: FastifyInstance): boolean {
  return serveBuilt(server, { folder: 'dashboard', prefix: ADDRESS, addresses: [ADDRESS] });
}
