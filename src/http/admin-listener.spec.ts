// The operators' door: what is behind it, and that the other door does not know of it.
import { connect } from 'node:net';
import { once } from 'node:events';
import { Controller, Get, HttpCode, Module, Post } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { HttpConfig } from '../config/http.config';
import { loadConfig } from '../config/load-config';
import { createLogger } from '../platform/logging/logger';
import { RequestContext } from '../platform/request/request-context';
import { createAdapter } from './server';
import { applicationOptions, setupApp } from './setup-app';

let release: () => void = () => undefined;
let begun: () => void = () => undefined;

@Controller()
class Things {
  @Get('v1/things')
  list() {
    return { for: 'everybody' };
  }

  @Get('v1/administrators')
  alike() {
    return { for: 'everybody' };
  }

  @Get('v1/admin/things/:id')
  one() {
    return { for: 'operators' };
  }

  @Post('v1/admin/held')
  @HttpCode(200)
  async held() {
    begun();
    await new Promise<void>((resolve) => (release = resolve));
    return { held: true };
  }
}

@Module({ controllers: [Things], providers: [RequestContext] })
class ThingsModule {}

describe('the admin listener', () => {
  let app: NestFastifyApplication;
  let main: string;
  let admin: string;
  beforeEach(async () => {
    const config = loadConfig([HttpConfig], {
      NODE_ENV: 'development',
      PORT: '0',
      CORS_ORIGINS: 'https://app.example',
    });
    const logger = createLogger('silent', { write: () => undefined });
    const adapter = createAdapter(config.get(HttpConfig), logger, { allowsOrigin: () => Promise.resolve(true) });
    app = await NestFactory.create<NestFastifyApplication>(ThingsModule, adapter, applicationOptions(logger));
    setupApp(app, config);
    await app.listen(0, '127.0.0.1');
    main = `http://127.0.0.1:${(app.getHttpServer().address() as { port: number }).port}`;
    admin = `http://127.0.0.1:${await app.getHttpAdapter().getInstance().adminListener.listen(0)}`;
  });
  afterEach(() => app.close());

  const status = async (url: string, method = 'GET') => (await fetch(url, { method })).status;

  // ASVS 8.4.2
  it('has the routes below /v1/admin, and the main port has none of them (A94)', async () => {
    expect(await (await fetch(`${admin}/v1/admin/things/1`)).json()).toEqual({ for: 'operators' });
    for (const path of [
      '/v1/admin/things/1',
      '/v1/%61dmin/things/1',
      '//v1/admin/things/1',
      '/v1/admin',
      '/v1/admin/',
    ]) {
      expect([path, await status(`${main}${path}`)]).toEqual([path, 404]);
    }
  });

  it('has no other route, and takes no path that only looks like one of its own', async () => {
    expect([await status(`${main}/v1/things`), await status(`${main}/v1/administrators`)]).toEqual([200, 200]);
    for (const path of ['/v1/things', '/v1/administrators', '/docs', '/openapi.json', '/', '/v1/nothing']) {
      expect([path, await status(`${admin}${path}`)]).toEqual([path, 404]);
    }
  });

  it('is for no page: what an allowed origin may read on the main port it may not read here (A47)', async () => {
    const headers = { origin: 'https://app.example', 'access-control-request-method': 'GET' };
    const shared = async (url: string, method: string) =>
      (await fetch(url, { method, headers })).headers.get('access-control-allow-origin');
    for (const method of ['GET', 'OPTIONS']) {
      expect(await shared(`${main}/v1/things`, method)).toBe('https://app.example');
      expect(await shared(`${admin}/v1/admin/things/1`, method)).toBeNull();
    }
  });

  it('answers a wrong method on its own port only: the other says no such thing', async () => {
    const wrong = await fetch(`${admin}/v1/admin/things/1`, { method: 'POST' });
    expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
    const elsewhere = await fetch(`${main}/v1/admin/things/1`, { method: 'POST' });
    expect([elsewhere.status, elsewhere.headers.get('allow')]).toEqual([404, null]);
    expect(await status(`${admin}/v1/things`, 'POST')).toBe(404);
    expect(await status(`${admin}/v1/admin/things/1`, 'OPTIONS')).not.toBe(204);
  });

  it('is bound to loopback, carries the same headers, and refuses broken requests the same way', async () => {
    const { headers } = await fetch(`${admin}/v1/admin/things/1`);
    expect([headers.get('cache-control'), headers.get('x-content-type-options')]).toEqual(['no-store', 'nosniff']);
    const socket = connect(Number(new URL(admin).port), '127.0.0.1');
    socket.write('NOT HTTP\r\n\r\n');
    const [answer] = (await once(socket, 'data')) as [Buffer];
    expect(answer.toString()).toMatch(/^HTTP\/1\.1 400 .*"code":"validation_failed"/s);
    socket.destroy();
  });

  it('finishes what is under way when the app closes, and takes nothing new (F23)', async () => {
    const started = new Promise<void>((resolve) => (begun = resolve));
    const answer = fetch(`${admin}/v1/admin/held`, { method: 'POST' });
    await started;
    let isClosed = false;
    const closed = app.close().then(() => (isClosed = true));
    while ((await fetch(`${admin}/v1/admin/things/1`).catch(() => undefined)) !== undefined);
    expect(isClosed).toBe(false);
    release();
    expect(await (await answer).json()).toEqual({ held: true });
    await closed;
  });
});
