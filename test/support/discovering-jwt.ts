// Checks our access tokens as a resource server would that was told the issuer and nothing else, with two libraries that are
// not ours: they find the keys through our metadata. Each in a process of its own (one is an ES module).
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { ROOT } from './program';

/** Each defines `claimsOf(issuer, token)`. Plain http is allowed because a test has no certificate. */
const libraries = {
  oauth4webapi: `
    import * as oauth from 'oauth4webapi';
    const plain = { [oauth.allowInsecureRequests]: true };
    async function claimsOf(issuer, token) {
      const found = await oauth.discoveryRequest(new URL(issuer), { algorithm: 'oauth2', ...plain });
      const server = await oauth.processDiscoveryResponse(new URL(issuer), found);
      const request = new Request('https://api.example', { headers: { authorization: 'Bearer ' + token } });
      return oauth.validateJwtAccessToken(server, request, issuer, plain);
    }`,
  'express-oauth2-jwt-bearer': `
    import { auth } from 'express-oauth2-jwt-bearer';
    async function claimsOf(issuer, token) {
      const headers = { host: 'api.example', authorization: 'Bearer ' + token };
      const get = (name) => headers[name.toLowerCase()];
      const request = { method: 'GET', originalUrl: '/', headers, get, app: { get: () => undefined }, socket: {}, protocol: 'https', query: {}, is: () => false };
      const guard = auth({ issuerBaseURL: issuer, audience: issuer, strict: true, tokenSigningAlg: 'ES256' });
      await new Promise((resolve, reject) => guard(request, {}, (error) => (error ? reject(error) : resolve())));
      return request.auth.payload;
    }`,
} as const;

export type Library = keyof typeof libraries;
export const libraryNames = Object.keys(libraries) as Library[];

const tell = `
  const [issuer, token] = process.argv.slice(1);
  claimsOf(issuer, token).then((claims) => ({ claims }), (error) => ({ refused: String(error) }))
    .then((verdict) => console.log(JSON.stringify(verdict)))
    .then(() => process.exit()); // connections it keeps would keep it, too`;

export interface Verdict {
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly refused?: string;
}

/** @param issuer also the audience, as is our default */
export async function verifyByIssuer(library: Library, issuer: string, token: string): Promise<Verdict> {
  const parameters = ['--input-type=module', '-e', libraries[library] + tell, issuer, token];
  const child = spawn(process.execPath, parameters, { cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'] });
  const [output] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  return JSON.parse(output) as Verdict;
}
