// The guards of @latchkey/verifier, each in a server of its framework: who comes in, and what the others are told
// (RFC 6750 section 3, RFC 9470 section 3). The same cases for all of them.
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { Controller, type ExecutionContext, Get, HttpException, Module, UseGuards } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import express, { type Request, type Response } from 'express';
import { fastify } from 'fastify';
import { latchkeyMiddleware } from '../../packages/verifier/src/express';
import { latchkeyHook } from '../../packages/verifier/src/fastify';
import { type AccessTokenClaims, claimsOf, LatchkeyVerifier } from '../../packages/verifier/src/index';
import { Claims, LatchkeyGuard, LatchkeyModule, RequireSignIn } from '../../packages/verifier/src/nest';
import { FakeIssuer } from './support/fake-issuer';

const FRESH = { maxAuthAgeSeconds: 600, requireAcr: ['aal2', 'aal3'] };
let issuer: FakeIssuer;

interface Running {
  readonly url: string;
  stop(): Promise<unknown>;
}
type Start = () => Promise<Running>;

const options = () => ({ issuer: issuer.url, audience: 'https://api.example', now: () => issuer.now, timeoutMs: 300 });

/** Nest's guard on an Express request: what the platform would hand to it. */
async function inNestContext(guard: LatchkeyGuard, request: Request, response: Response): Promise<void> {
  const context = {
    getType: () => 'http',
    getHandler: () => inNestContext,
    getClass: () => LatchkeyGuard,
    switchToHttp: () => ({ getRequest: () => request, getResponse: () => response }),
  } as unknown as ExecutionContext;
  try {
    await guard.canActivate(context);
    response.json({ sub: claimsOf(request).sub });
  } catch (error) {
    if (!(error instanceof HttpException)) throw error;
    response.status(error.getStatus()).json(error.getResponse());
  }
}

const startExpress: Start = async () => {
  const app = express();
  const verifier = new LatchkeyVerifier(options());
  const sub = (request: Request, response: Response) => void response.json({ sub: claimsOf(request).sub });
  app.get('/open', (request, response) => void response.json({ sub: claimsOf(request).sub }));
  app.get('/me', latchkeyMiddleware(verifier), sub);
  app.get('/fresh', latchkeyMiddleware(verifier, FRESH), sub);
  app.get('/nest', (request, response) => inNestContext(new LatchkeyGuard(verifier), request, response));
  const server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const stop = () => once(server.close(), 'close');
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, stop };
};

const startFastify: Start = async () => {
  const app = fastify();
  const verifier = new LatchkeyVerifier(options());
  app.get('/open', (request) => ({ sub: claimsOf(request).sub }));
  app.get('/me', { onRequest: latchkeyHook(verifier) }, (request) => ({ sub: claimsOf(request).sub }));
  app.get('/fresh', { preHandler: latchkeyHook(verifier, FRESH) }, (request) => ({ sub: claimsOf(request).sub }));
  return { url: await app.listen({ port: 0, host: '127.0.0.1' }), stop: () => app.close() };
};

const startNest: Start = async () => {
  @Controller()
  class People {
    @Get('open')
    open(@Claims() claims: AccessTokenClaims) {
      return { sub: claims.sub };
    }

    @Get('me')
    @UseGuards(LatchkeyGuard)
    me(@Claims() claims: AccessTokenClaims) {
      return { sub: claims.sub };
    }

    @Get('fresh')
    @UseGuards(LatchkeyGuard)
    @RequireSignIn(FRESH)
    fresh(@Claims() claims: AccessTokenClaims) {
      return { sub: claims.sub };
    }
  }
  @Module({ imports: [LatchkeyModule.forRoot(options())], controllers: [People] })
  class App {}
  const app = await NestFactory.create(App, new FastifyAdapter(), { logger: false });
  await app.listen(0, '127.0.0.1');
  return { url: await app.getUrl(), stop: () => app.close() };
};

describe.each([
  ['Express', startExpress],
  ['Fastify', startFastify],
  ['Nest', startNest],
])('%s', (_framework, start) => {
  let server: Running;

  beforeAll(async () => {
    issuer = await new FakeIssuer().start();
    server = await start();
  });
  afterAll(async () => {
    await server.stop();
    await issuer.stop();
  });

  async function get(path: string, authorization?: string) {
    const response = await fetch(
      `${server.url}${path}`,
      authorization === undefined ? {} : { headers: { authorization } },
    );
    const body = (await response.json()) as { code?: string; sub?: string };
    const { status, headers } = response;
    const challenge = headers.get('www-authenticate');
    return { status, challenge, body, cache: headers.get('cache-control'), type: headers.get('content-type') };
  }

  it('lets in who has an access token, and tells the route who it is', async () => {
    expect(await get('/me', `Bearer ${issuer.token()}`)).toMatchObject({
      status: 200,
      body: { sub: issuer.claims()['sub'] },
    });
    expect((await get('/me', `bearer  ${issuer.token()} `)).status).toBe(200);
  });

  it.each([
    ['nothing', undefined],
    ['another scheme', 'Basic dXNlcjpwYXNz'],
    ['a scheme that begins alike', 'Bearerx y'],
  ])('challenges %s, without an error code, as nothing was presented', async (_case, header) => {
    expect(await get('/me', header)).toMatchObject({
      status: 401,
      challenge: 'Bearer',
      body: { code: 'token_missing' },
    });
  });

  it.each<[string, () => string, string]>([
    ['a token of another audience', () => `Bearer ${issuer.token({ aud: 'x' })}`, 'token_invalid'],
    ['no token after Bearer', () => 'Bearer', 'token_invalid'],
    ['two tokens', () => `Bearer ${issuer.token()} ${issuer.token()}`, 'token_invalid'],
    ['an expired token', () => `Bearer ${issuer.token({ iat: 1, exp: 2 })}`, 'token_expired'],
  ])('answers 401 invalid_token to %s, as a problem that is not stored', async (_case, header, code) => {
    const answer = await get('/me', header());
    expect(answer).toMatchObject({ status: 401, cache: 'no-store', body: { code, status: 401 } });
    expect(answer.challenge).toMatch(/^Bearer error="invalid_token", error_description="[\w ]+"$/);
    expect(answer.type).toMatch(/^application\/problem\+json/);
  });

  it('asks for a new sign-in by RFC 9470 when it is too old or too weak for the route', async () => {
    const old = { auth_time: issuer.now / 1000 - 601 };
    expect((await get('/me', `Bearer ${issuer.token(old)}`)).status).toBe(200);
    expect((await get('/fresh', `Bearer ${issuer.token()}`)).status).toBe(200);
    for (const claims of [old, { acr: 'aal1' }]) {
      const answer = await get('/fresh', `Bearer ${issuer.token(claims)}`);
      expect(answer).toMatchObject({ status: 401, body: { code: 'authentication_insufficient' } });
      expect(answer.challenge).toBe(
        'Bearer error="insufficient_user_authentication", error_description="A fresher or stronger sign-in is needed", ' +
          'acr_values="aal2 aal3", max_age="600"',
      );
    }
  });

  it('answers 503 without a challenge while the issuer cannot be asked: the token may be good', async () => {
    issuer.instead = (_request, response) => response.writeHead(500).end();
    issuer.now += 7200_000;
    const answer = await get('/me', `Bearer ${issuer.token()}`);
    expect(answer).toMatchObject({ status: 503, challenge: null, body: { code: 'issuer_unavailable' } });
    issuer.instead = undefined;
    issuer.now += 2_000;
    expect((await get('/me', `Bearer ${issuer.token()}`)).status).toBe(200);
  });

  it('fails where claims are read and no guard was passed', async () => {
    expect((await fetch(`${server.url}/open`, { headers: { authorization: `Bearer ${issuer.token()}` } })).status).toBe(
      500,
    );
  });
});

describe('a guard', () => {
  it('with a requirement that makes no sense ends the start', () => {
    const verifier = new LatchkeyVerifier({ issuer: 'https://id.example', audience: 'a' });
    for (const wrong of [{ maxAuthAgeSeconds: 0 }, { requireAcr: '' }, { requireAcr: [] }]) {
      expect(() => latchkeyMiddleware(verifier, wrong)).toThrow(TypeError);
      expect(() => latchkeyHook(verifier, wrong)).toThrow(TypeError);
      expect(() => RequireSignIn(wrong)).toThrow(TypeError);
    }
  });

  it('of Nest works on its Express platform too', async () => {
    issuer = await new FakeIssuer().start();
    const server = await startExpress();
    const refused = await fetch(`${server.url}/nest`);
    expect([refused.status, refused.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
    const answer = await fetch(`${server.url}/nest`, { headers: { authorization: `Bearer ${issuer.token()}` } });
    expect(await answer.json()).toEqual({ sub: issuer.claims()['sub'] });
    await server.stop();
    await issuer.stop();
  });
});
