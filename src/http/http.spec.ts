// The HTTP surface on a real server and real sockets, with the smallest app that has a route of every sort.
import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import {
  Body,
  Controller,
  Get,
  Header,
  HttpCode,
  Module,
  Param,
  ParseUUIDPipe,
  Post,
  Query,
  Res,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Type } from 'class-transformer';
import { IsOptional, IsString, ValidateNested } from 'class-validator';
import type { FastifyReply } from 'fastify';
import { HttpConfig } from '../config/http.config';
import { loadConfig } from '../config/load-config';
import { AppError } from '../platform/errors/app-error';
import { platformErrors } from '../platform/errors/platform.errors';
import { createLogger } from '../platform/logging/logger';
import { RequestContext } from '../platform/request/request-context';
import { createAdapter } from './server';
import { applicationOptions, setupApp } from './setup-app';

const CANARY = 'cANARYx7';

class Inner {
  @IsString()
  'a/b': string = '';
}

class Thing {
  @IsString()
  name!: string;

  @IsOptional()
  @ValidateNested()
  @Type(() => Inner)
  inner?: Inner;
}

class Filter {
  @IsOptional()
  @IsString()
  sort?: string;
}

/** A request that is answered when the test says so. */
const held = {
  begun: false,
  release: () => undefined as void,
  wait() {
    held.begun = true;
    return new Promise<void>((resolve) => (held.release = resolve));
  },
};

@Controller()
class Things {
  constructor(private readonly context: RequestContext) {}

  @Post('things')
  @HttpCode(201)
  create(@Body() body: Thing) {
    return { name: body.name, polluted: ({} as Record<string, unknown>)['polluted'] ?? null };
  }

  @Get('things/:id')
  one(@Param('id') id: string, @Query() filter: Filter) {
    return { id, sort: filter.sort ?? null };
  }

  @Get('uuids/:id')
  uuid(@Param('id', ParseUUIDPipe) id: string) {
    return { id };
  }

  @Get('me')
  me() {
    const { requestId, address, userAgent } = this.context;
    return { requestId, address, userAgent };
  }

  @Get('cached')
  @Header('cache-control', 'public, max-age=60')
  cached() {
    return {};
  }

  @Get('cached-error')
  @Header('cache-control', 'public, max-age=60')
  cachedError() {
    throw new AppError(platformErrors.rate_limited, { retryAfterSeconds: 7, reason: CANARY, meta: { CANARY } });
  }

  @Get('broken')
  broken() {
    throw Object.assign(new Error(`insert into users ${CANARY}`), { statusCode: 400, status: 418 });
  }

  @Get('held')
  async held() {
    await held.wait();
    return { held: true };
  }

  @Get('answered-then-broken')
  async late(@Res() reply: FastifyReply) {
    await reply.send({ first: true });
    throw new Error(CANARY);
  }
}

@Module({ controllers: [Things], providers: [RequestContext] })
class ThingsModule {}

async function start(variables: Record<string, string> = {}) {
  const lines: string[] = [];
  const config = loadConfig([HttpConfig], { NODE_ENV: 'development', PORT: '0', ...variables });
  const logger = createLogger('info', { write: (line) => lines.push(line) });
  const { CORS_ORIGINS } = config.get(HttpConfig);
  const adapter = createAdapter(config.get(HttpConfig), logger, {
    allowsOrigin: (origin) =>
      origin.includes('unsure') ? Promise.reject(new Error(CANARY)) : Promise.resolve(CORS_ORIGINS.includes(origin)),
  });
  const app = await NestFactory.create<NestFastifyApplication>(ThingsModule, adapter, applicationOptions(logger));
  setupApp(app, config);
  await app.listen(0, '127.0.0.1');
  const { port } = app.getHttpServer().address() as { port: number };
  return { app, lines, port, url: `http://127.0.0.1:${port}` };
}

type Running = Awaited<ReturnType<typeof start>>;

/** Fetch would normalise what these tests send; this sends method, path, headers and body as they are. */
function send(
  port: number,
  method: string,
  path: string,
  headers: Record<string, string> = {},
  body?: Buffer | string,
) {
  return new Promise<{ status: number; headers: Record<string, string | string[] | undefined>; text: string }>(
    (resolve, reject) => {
      const request = httpRequest({ port, method, path, headers, agent: false }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            text: Buffer.concat(chunks).toString('utf8'),
          }),
        );
      });
      request.on('error', reject);
      request.end(body);
    },
  );
}

/** Bytes as they are on a socket, and everything that came back until it was closed. */
function raw(port: number, ...writes: (string | Buffer)[]): Promise<string> {
  return new Promise((resolve) => {
    let answer = '';
    const socket = connect(port, '127.0.0.1', () => writes.forEach((part) => socket.write(part)));
    socket.on('data', (chunk) => (answer += chunk.toString('utf8')));
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(answer));
  });
}

const JSON_TYPE = { 'content-type': 'application/json' };

function codeOf(text: string): unknown {
  return (JSON.parse(text) as { code: unknown }).code;
}

describe('the HTTP surface', () => {
  let api: Running;
  beforeAll(async () => {
    api = await start();
  });
  afterAll(() => api.app.close());

  const post = (body: Buffer | string, headers: Record<string, string> = JSON_TYPE) =>
    send(api.port, 'POST', '/things', headers, body);

  describe('bodies (A81, A83, A84)', () => {
    it('reads a JSON object', async () => {
      const { status, text, headers } = await post('{"name":"x"}');
      expect([status, JSON.parse(text)]).toEqual([201, { name: 'x', polluted: null }]);
      expect(headers['content-type']).toBe('application/json; charset=utf-8');
    });

    const nested = (depth: number) => `${'{"name":'.repeat(depth)}1${'}'.repeat(depth)}`;
    const wide = (keys: number) => JSON.stringify(Object.fromEntries([...Array(keys).keys()].map((n) => [`k${n}`, n])));
    it.each<[string, Buffer | string]>([
      ['truncated JSON', `{"name":"${CANARY}`],
      ['a byte order mark', Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from('{"name":"x"}')])],
      ['invalid UTF-8', Buffer.concat([Buffer.from('{"name":"'), Buffer.from([0xc3, 0x28]), Buffer.from('"}')])],
      ['null', 'null'],
      ['an array', `["${CANARY}"]`],
      ['a string', `"${CANARY}"`],
      ['no body', ''],
      ['21 levels', nested(21)],
      ['101 keys', wide(101)],
      ['__proto__', `{"name":"x","__proto__":{"polluted":"${CANARY}"}}`],
      ['constructor.prototype', `{"name":"x","constructor":{"prototype":{"polluted":"${CANARY}"}}}`],
      ['an unknown field', `{"name":"x","isAdmin":"${CANARY}"}`],
      ['an unknown field with an ugly name', `{"name":"x","<${CANARY}>":1}`],
      ['a wrong type', `{"name":{"a":"${CANARY}"}}`],
    ])('answers %s with 400 validation_failed and echoes nothing', async (_, body) => {
      const { status, text, headers } = await post(body);
      expect([status, codeOf(text)]).toEqual([400, 'validation_failed']);
      expect(headers['content-type']).toBe('application/problem+json; charset=utf-8');
      expect(text).not.toContain(CANARY);
      expect(text).not.toMatch(/Unexpected|position|JSON/);
    });

    it('points at each finding by RFC 6901, nested ones too', async () => {
      const { text } = await post('{"inner":{"a/b":1},"isAdmin":true}');
      expect((JSON.parse(text) as { errors: unknown }).errors).toEqual([
        { pointer: '/isAdmin', code: 'unknown_field' },
        { pointer: '/name', code: 'required' },
        { pointer: '/inner/a~1b', code: 'is_string' },
      ]);
    });

    it('does not pollute prototypes: a later answer is clean', async () => {
      await post('{"name":"x","__proto__":{"polluted":1}}');
      expect(JSON.parse((await post('{"name":"x"}')).text)).toEqual({ name: 'x', polluted: null });
    });

    it.each<[string, Record<string, string>, Buffer | string]>([
      ['no content type', {}, '{"name":"x"}'],
      ['text', { 'content-type': 'text/plain' }, '{"name":"x"}'],
      ['a form', { 'content-type': 'application/x-www-form-urlencoded' }, 'name=x'],
      ['another charset', { 'content-type': 'application/json; charset=utf-16' }, '{"name":"x"}'],
      ['gzip', { ...JSON_TYPE, 'content-encoding': 'gzip' }, gzipSync(`{"name":"${'x'.repeat(1e6)}"}`)],
      ['garbage for a type', { 'content-type': '//' }, '{"name":"x"}'],
    ])('answers %s with 415', async (_, headers, body) => {
      const { status, text } = await post(body, headers);
      expect([status, codeOf(text)]).toEqual([415, 'unsupported_media_type']);
    });

    it('answers more than 16 kB with 413 and closes the connection, announced or chunked', async () => {
      const announced = await post(JSON.stringify({ name: 'x'.repeat(17_000) }));
      expect([announced.status, announced.headers.connection]).toEqual([413, 'close']);
      const head =
        'POST /things HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n';
      const chunk = `4000\r\n${'x'.repeat(0x4000)}\r\n`;
      const answer = await raw(api.port, head, chunk, chunk);
      expect(answer).toMatch(/^HTTP\/1.1 413 /);
      expect(answer.toLowerCase()).toContain('connection: close');
    });

    it.each([
      ['/nowhere', 'Content-Type: text/plain\r\nContent-Length: 100000000', 404],
      ['/things', 'Content-Type: text/plain\r\nTransfer-Encoding: chunked', 415],
      ['/things', 'Content-Type: application/json\r\nContent-Encoding: gzip\r\nContent-Length: 100000000', 415],
      ['/things', 'Content-Type: application/json\r\nContent-Length: 100000000', 413],
    ])(
      'closes the connection of whoever is refused before the body was read: %s, %s',
      async (path, headers, status) => {
        const answer = await raw(api.port, `POST ${path} HTTP/1.1\r\nHost: a\r\n${headers}\r\n\r\n`, '4\r\nxxxx\r\n');
        expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
      },
    );

    it('validates queries: a field unknown to the route is 400', async () => {
      const { status, text } = await send(api.port, 'GET', '/things/1?sort=a&a[]=1');
      expect([status, codeOf(text)]).toEqual([400, 'validation_failed']);
      expect((await send(api.port, 'GET', '/things/1?sort=a')).status).toBe(200);
    });
  });

  describe('methods and paths (A87)', () => {
    it.each([
      ['PUT', '/things', 405, 'POST'],
      ['TRACE', '/things/1', 405, 'GET, HEAD'],
      ['OPTIONS', '/things', 405, 'POST'],
      ['DELETE', '/things/1?x=1', 405, 'GET, HEAD'],
      ['HEAD', '/things/1', 200, undefined],
      ['POST', '/things/', 404, undefined],
      ['GET', '//me', 404, undefined],
      ['GET', '/ME', 404, undefined],
      ['GET', '/me;x', 404, undefined],
      ['GET', '/%zz', 404, undefined],
      ['GET', '/things/', 404, undefined],
      ['GET', `/things/${'x'.repeat(300)}`, 404, undefined],
      ['GET', '/nowhere', 404, undefined],
      ['OPTIONS', '*', 404, undefined],
    ])('%s %s is %i', async (method, path, status, allow) => {
      const answer = await send(api.port, method, path, { 'x-http-method-override': 'POST' });
      expect([answer.status, answer.headers.allow]).toEqual([status, allow]);
      if (status >= 400) expect(codeOf(answer.text)).toBe(status === 405 ? 'method_not_allowed' : 'not_found');
      expect(answer.headers['cache-control']).toBe('no-store');
      expect(answer.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
    });
  });

  describe('headers and errors (A93)', () => {
    it('protects every answer, and names no product', async () => {
      for (const path of ['/me', '/nowhere', '/broken']) {
        const { headers } = await send(api.port, 'GET', path);
        expect(headers).toMatchObject({
          'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
          'strict-transport-security': 'max-age=31536000; includeSubDomains',
          'x-content-type-options': 'nosniff',
          'referrer-policy': 'no-referrer',
          'cross-origin-opener-policy': 'same-origin',
          'cross-origin-resource-policy': 'same-origin',
          'cache-control': 'no-store',
        });
        for (const absent of ['etag', 'x-powered-by', 'server', 'access-control-allow-origin']) {
          expect(headers).not.toHaveProperty(absent);
        }
      }
    });

    it('lets a route allow caching of its answer, never of its error', async () => {
      expect((await send(api.port, 'GET', '/cached')).headers['cache-control']).toBe('public, max-age=60');
      const { status, headers, text } = await send(api.port, 'GET', '/cached-error');
      expect([status, headers['cache-control'], headers['retry-after']]).toEqual([429, 'no-store', '7']);
      expect(JSON.parse(text)).toEqual({
        type: 'urn:latchkey:problem:rate_limited',
        title: 'Too many requests',
        status: 429,
        detail: 'Wait for the time in Retry-After.',
        code: 'rate_limited',
        requestId: headers['x-request-id'],
        retryAfter: 7,
      });
    });

    it('answers an unforeseen error with a fixed 500, whatever status it claims, and logs its stack', async () => {
      const { status, text, headers } = await send(api.port, 'GET', '/broken');
      expect([status, codeOf(text)]).toEqual([500, 'internal']);
      expect(text).not.toContain(CANARY);
      const line = api.lines.find(
        (entry) => entry.includes(String(headers['x-request-id'])) && entry.includes('stack'),
      );
      expect(line).toContain(CANARY);
      expect(JSON.parse(line ?? '{}')).toMatchObject({ level: 'error', problem: 'internal' });
    });

    it('keeps the words of the framework to itself', async () => {
      const { status, text } = await send(api.port, 'GET', `/uuids/${CANARY}`);
      expect([status, codeOf(text)]).toEqual([400, 'validation_failed']);
      expect(text).not.toMatch(/uuid|cANARY/);
    });

    it('answers once when an error follows the answer', async () => {
      expect((await send(api.port, 'GET', '/answered-then-broken')).text).toBe('{"first":true}');
    });

    it('answers what is not HTTP, and headers over 8 kB, with a problem document and closes', async () => {
      const garbage = await raw(api.port, `GET /${CANARY} HTP\r\n\r\n`);
      expect(garbage).toMatch(/^HTTP\/1.1 400 /);
      expect(garbage).not.toContain(CANARY);
      const long = await raw(api.port, `GET /me HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: ${'1'.repeat(10_000)}\r\n\r\n`);
      expect(long).toMatch(/^HTTP\/1.1 413 [^]*"code":"payload_too_large"/);
    });
  });

  describe('request context and log (A86)', () => {
    it('tells services the request id, the address and a harmless user agent', async () => {
      const agent = `<img src=x>\t{"event":"fake"}${'y'.repeat(400)}`;
      const { text, headers } = await send(api.port, 'GET', '/me', { 'user-agent': agent });
      expect(JSON.parse(text)).toEqual({
        requestId: headers['x-request-id'],
        address: '127.0.0.1',
        userAgent: agent.replace('\t', '').slice(0, 256),
      });
    });

    it('takes no request id from the client', async () => {
      const { headers } = await send(api.port, 'GET', '/me', { 'x-request-id': CANARY, 'request-id': CANARY });
      expect(headers['x-request-id']).not.toBe(CANARY);
    });

    it('writes one line per request: the route, never the path, the query, a header or the body', async () => {
      const { headers } = await send(api.port, 'GET', `/things/${CANARY}?sort=${CANARY}`, { 'x-a': CANARY });
      const mine = api.lines.filter((line) => line.includes(String(headers['x-request-id'])));
      expect(mine).toHaveLength(1);
      const { time, ms, ...line } = JSON.parse(mine[0] ?? '') as Record<string, unknown>;
      expect(line).toEqual({
        level: 'info',
        event: 'request',
        requestId: headers['x-request-id'],
        method: 'GET',
        route: '/things/:id',
        status: 200,
        address: '127.0.0.1',
      });
      expect([typeof time, typeof ms]).toEqual(['string', 'number']);
      expect(mine[0]).not.toContain(CANARY);
    });
  });

  it('ignores Host, X-Forwarded-Host and an absolute request target (A97)', async () => {
    const answer = await raw(
      api.port,
      'GET http://evil.example/nowhere HTTP/1.1\r\nHost: evil.example\r\nX-Forwarded-Host: evil.example\r\nConnection: close\r\n\r\n',
    );
    expect(answer).toMatch(/^HTTP\/1.1 404 /);
    expect(answer).not.toContain('evil');
  });
});

describe('optional parts of the surface', () => {
  const from = (port: number, origin: string, method = 'GET', path = '/me') =>
    send(port, method, path, { origin, 'access-control-request-method': 'GET' });

  it('A47: any origin may read in development when told so, never with credentials', async () => {
    const { app, port } = await start({ CORS_ORIGINS: '*' });
    try {
      for (const method of ['GET', 'OPTIONS']) {
        const { headers } = await from(port, 'https://any.example', method);
        expect(headers['access-control-allow-origin']).toBe('*');
        expect(headers).not.toHaveProperty('access-control-allow-credentials');
      }
    } finally {
      await app.close();
    }
  });

  it('A47: tells exactly the origins that are allowed, refusals included, and nothing when nobody can say', async () => {
    const { app, port } = await start({ CORS_ORIGINS: 'https://app.example.com' });
    try {
      const allowed = await from(port, 'https://app.example.com');
      expect(allowed.headers).toMatchObject({
        'access-control-allow-origin': 'https://app.example.com',
        'access-control-allow-credentials': 'true',
        vary: 'Origin',
      });
      const refused = await from(port, 'https://app.example.com', 'GET', '/nowhere');
      expect([refused.status, refused.headers['access-control-allow-origin']]).toEqual([
        404,
        'https://app.example.com',
      ]);
      expect((await send(port, 'GET', '/me')).headers['vary']).toBe('Origin');
      for (const origin of [
        'https://app.example.com.evil.example',
        'https://evil.app.example.com',
        'null',
        '*',
        'https://unsure',
      ]) {
        for (const method of ['GET', 'OPTIONS']) {
          const { status, headers } = await from(port, origin, method);
          expect([origin, status]).toEqual([origin, method === 'GET' ? 200 : 405]);
          expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
          expect(headers['vary']).toBe('Origin');
        }
      }
      const preflight = await from(port, 'https://app.example.com', 'OPTIONS');
      expect([preflight.status, preflight.headers['access-control-allow-methods']]).toEqual([
        204,
        'GET, POST, PATCH, DELETE',
      ]);
      expect(preflight.headers['x-content-type-options']).toBe('nosniff');
      expect((await from(port, 'https://app.example.com', 'PUT')).status).toBe(405);
    } finally {
      await app.close();
    }
  });

  it('serves the API description and a page that loads only our own files', async () => {
    const { app, port } = await start();
    try {
      const description = await send(port, 'GET', '/openapi.json');
      expect((JSON.parse(description.text) as { openapi: string }).openapi).toBe('3.1.0');
      const page = await send(port, 'GET', '/docs');
      expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
      expect(page.text).not.toMatch(/https?:/);
      expect(page.headers['content-security-policy']).toMatch(/default-src 'none'; script-src 'self';/);
      const paths = [...page.text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path]) => path ?? '');
      for (const path of paths) expect((await send(port, 'GET', path)).status).toBe(200);
    } finally {
      await app.close();
    }
  });

  it('finishes what it has begun when it closes, ends the connection, and begins nothing new on it (F23)', async () => {
    const { app, port } = await start();
    const get = (path: string) => `GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`;
    let closed: Promise<void> | undefined;
    const answers = await new Promise<string>((resolve) => {
      let text = '';
      const socket = connect(port, '127.0.0.1', () => socket.write(get('/held')));
      const begun = setInterval(() => {
        if (!held.begun || closed !== undefined) return;
        closed = app.close();
        socket.write(get('/me'));
        setImmediate(() => held.release());
      }, 5);
      socket.on('data', (chunk) => (text += chunk.toString('utf8')));
      socket.on('close', () => {
        clearInterval(begun);
        resolve(text);
      });
    });
    await closed;
    expect(answers).toMatch(/^HTTP\/1.1 200 [^]*connection: close[^]*{"held":true}$/i);
  });

  it('has neither when API_DOCS is off', async () => {
    const { app, port } = await start({ API_DOCS: 'false' });
    try {
      for (const path of ['/openapi.json', '/docs', '/docs/start.js']) {
        expect((await send(port, 'GET', path)).status).toBe(404);
      }
    } finally {
      await app.close();
    }
  });
});
