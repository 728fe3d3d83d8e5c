// Every route the router has, whoever added it: it is described, shut unless said to be public, and its body is a class.
import 'reflect-metadata';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { loadAppConfig } from '../../src/app.config';
import { type Addresses, buildOpenApiDocument, createApp, listen } from '../../src/app.setup';
import type { ProblemBody } from '../support/api-client';
import { createDatabase, type TestDatabase } from '../support/database';

/** What anybody may call (design section 2); everything else wants an access token. */
const PUBLIC = [
  'GET /.well-known/jwks.json',
  'GET /.well-known/oauth-authorization-server',
  'GET /health',
  'GET /health/live',
  'GET /health/ready',
  'GET /v1/auth/gate',
  'POST /v1/auth/login',
  'POST /v1/auth/logout',
  'POST /v1/auth/otp/resend',
  'POST /v1/auth/otp/status',
  'POST /v1/auth/otp/verify',
  'POST /v1/auth/password/forgot',
  'POST /v1/auth/password/reset',
  'POST /v1/auth/phone-rebind',
  'POST /v1/auth/register',
  'POST /v1/auth/token/refresh',
  'POST /webhooks/sms/:provider',
];

/** Its body is the vendor's: signed, kept raw, read by the vendor's own reader. */
const isVendors = (route: string): boolean => route.includes(' /webhooks/');

/** What wants a client app's id and secret by HTTP Basic, and a form (RFC 7662, RFC 7009). */
const forOauth = (route: string): boolean => route.includes(' /v1/oauth/');

/** What wants the key of a client app instead. */
const forServices = (route: string): boolean => / \/v1\/(admin\/|phone-verifications)/.test(route);

function schemesOf(route: string): object[] {
  // Its access token may be left out, and may have expired.
  if (route === 'POST /v1/auth/logout') return [{ bearer: [] }, {}];
  if (forServices(route)) return [{ apiKey: [] }];
  if (forOauth(route)) return [{ client: [] }];
  return PUBLIC.includes(route.replace(/\{([^}]+)\}/g, ':$1')) ? [] : [{ bearer: [] }];
}

describe('the routes', () => {
  let app: NestFastifyApplication;
  let database: TestDatabase;
  let addresses: Addresses;
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-routes-'));
  const routes: { method: string; url: string }[] = [];

  beforeAll(async () => {
    database = await createDatabase();
    const config = loadAppConfig({
      NODE_ENV: 'development',
      DATABASE_URL: database.url,
      MIGRATE_ON_START: 'false',
      LATCHKEY_DIR: folder,
      PORT: '0',
    });
    app = await createApp(config, { write: () => undefined });
    const server = app.getHttpAdapter().getInstance();
    server.addHook('onRoute', ({ method, url }) => {
      for (const name of [method].flat()) if (name !== 'HEAD') routes.push({ method: name, url });
    });
    addresses = await listen(app, config);
  });
  afterAll(async () => {
    await app.close();
    await database.drop();
    rmSync(folder, { recursive: true, force: true });
  });

  const named = () => routes.map(({ method, url }) => `${method} ${url}`).sort();
  const call = async ({ method, url }: { method: string; url: string }, body?: unknown, key = '') => {
    const headers = { 'content-type': 'application/json' };
    const init = { method, headers: key === '' ? headers : { ...headers, authorization: `Bearer ${key}` } };
    const path = url.replace(/:[^/]+/g, '00000000-0000-4000-8000-000000000000');
    const origin = url.startsWith('/v1/admin/') ? addresses.admin : addresses.api;
    const answer = await fetch(`${origin}${path}`, body === undefined ? init : { ...init, body: JSON.stringify(body) });
    return { status: answer.status, problem: (await answer.json().catch(() => ({}))) as ProblemBody };
  };

  it('are all in the OpenAPI document, and the document has no other', () => {
    const { paths } = buildOpenApiDocument(app);
    const described = Object.entries(paths).flatMap(([path, operations]) =>
      Object.keys(operations).map((method) => `${method.toUpperCase()} ${path.replace(/\{([^}]+)\}/g, ':$1')}`),
    );
    expect(described.sort()).toEqual(named());
  });

  it('say in the document which want a token, and every body there is a named class that refuses other fields', () => {
    const { paths } = buildOpenApiDocument(app);
    for (const [path, operations] of Object.entries(paths)) {
      for (const [method, operation] of Object.entries(operations as Record<string, Record<string, unknown>>)) {
        const name = `${method.toUpperCase()} ${path}`;
        expect([name, operation['security']]).toEqual([name, schemesOf(name)]);
        if (method !== 'post' || isVendors(name)) continue;
        expect([name, JSON.stringify(operation['requestBody'])]).toEqual([
          name,
          expect.stringMatching(/#\/components\/schemas\/\w+Request/),
        ]);
      }
    }
  });

  // ASVS 8.2.1, 8.3.1
  it('are shut without a token, but for those that are meant to be public', async () => {
    const open: string[] = [];
    for (const route of routes) {
      const { status, problem } = await call(route, route.method === 'GET' ? undefined : {});
      if (status === 401 && problem.code === (forOauth(` ${route.url}`) ? 'credentials_invalid' : 'token_invalid'))
        continue;
      open.push(`${route.method} ${route.url}`);
    }
    expect(open.sort()).toEqual(PUBLIC);
  });

  // ASVS 2.2.1, 2.2.2
  it('refuse a field they do not know, each by name (A81)', async () => {
    const open = (name: string) => (PUBLIC.includes(name) && !isVendors(name)) || forServices(name);
    const writing = routes.filter(({ method, url }) => /^P/.test(method) && open(`${method} ${url}`));
    expect(writing.length).toBeGreaterThan(9);
    for (const route of writing) {
      const key = forServices(` ${route.url}`) ? readFileSync(join(folder, 'admin-key'), 'utf8').trim() : '';
      const { status, problem } = await call(route, { isAdmin: true }, key);
      expect([route.url, status, problem.code]).toEqual([route.url, 400, 'validation_failed']);
      expect(problem.errors).toContainEqual({ pointer: '/isAdmin', code: 'unknown_field' });
    }
  });
});
