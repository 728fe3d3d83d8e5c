// What an operator switches on or off, and how the server closes, on real sockets.
import { connect } from 'node:net';
import { send } from '../../test/support/raw-http';
import { held, startThings } from '../../test/support/things-app';

describe('optional parts of the surface', () => {
  const from = (url: string, origin: string, method = 'GET', path = '/me') =>
    send(url, { method, path, headers: { origin, 'access-control-request-method': 'GET' } });

  it('A47: any origin may read in development when told so, never with credentials', async () => {
    const { app, url } = await startThings({ CORS_ORIGINS: '*' });
    try {
      for (const method of ['GET', 'OPTIONS']) {
        const { headers } = await from(url, 'https://any.example', method);
        expect(headers['access-control-allow-origin']).toBe('*');
        expect(headers).not.toHaveProperty('access-control-allow-credentials');
      }
    } finally {
      await app.close();
    }
  });

  // The request's line is not searched for secrets: it must hold nothing that somebody sent (A92, ADR 88).
  it('A92: behind a proxy, whatever a request says in any place, its line has none of it', async () => {
    const { app, url, lines } = await startThings({ TRUSTED_PROXIES: '127.0.0.1' });
    const secrets = [
      '+12025550123',
      '%2B12025550123',
      '012345',
      'code=123456',
      'Bearer abcdefghijklmnop',
      `eyJ${'a'.repeat(40)}`,
    ];
    try {
      for (const secret of secrets) {
        const headers = {
          'x-forwarded-for': secret,
          'user-agent': secret,
          authorization: secret,
          cookie: secret,
          referer: secret,
          'x-request-id': secret,
          traceparent: secret,
        };
        const path = `/things/${encodeURIComponent(secret)}?sort=${encodeURIComponent(secret)}`;
        const answer = await send(url, { method: 'GET', path, headers });
        const mine = lines.find(
          (line) => line.includes(String(answer.headers['x-request-id'])) && line.includes('"event":"request"'),
        );
        expect(mine).toBeDefined();
        expect(mine?.replace(/"(time|requestId)":"[^"]*"/g, '')).not.toContain(secret.replace(/^.*[= ]/, ''));
      }
    } finally {
      await app.close();
    }
  });

  it('A47: tells exactly the origins that are allowed, refusals included, and nothing when nobody can say', async () => {
    const { app, url } = await startThings({ CORS_ORIGINS: 'https://app.example.com' });
    try {
      const allowed = await from(url, 'https://app.example.com');
      expect(allowed.headers).toMatchObject({
        'access-control-allow-origin': 'https://app.example.com',
        'access-control-allow-credentials': 'true',
        vary: 'Origin',
      });
      const refused = await from(url, 'https://app.example.com', 'GET', '/nowhere');
      expect([refused.status, refused.headers['access-control-allow-origin']]).toEqual([
        404,
        'https://app.example.com',
      ]);
      expect((await send(url, { method: 'GET', path: '/me' })).headers['vary']).toBe('Origin');
      for (const origin of [
        'https://app.example.com.evil.example',
        'https://evil.app.example.com',
        'null',
        '*',
        'https://unsure',
      ]) {
        for (const method of ['GET', 'OPTIONS']) {
          const { status, headers } = await from(url, origin, method);
          expect([origin, status]).toEqual([origin, method === 'GET' ? 200 : 405]);
          expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
          expect(headers['vary']).toBe('Origin');
        }
      }
      const preflight = await from(url, 'https://app.example.com', 'OPTIONS');
      expect([preflight.status, preflight.headers['access-control-allow-methods']]).toEqual([
        204,
        'GET, POST, PUT, PATCH, DELETE',
      ]);
      expect(preflight.headers['x-content-type-options']).toBe('nosniff');
      expect((await from(url, 'https://app.example.com', 'PUT')).status).toBe(405);
    } finally {
      await app.close();
    }
  });

  // ASVS 3.4.3, 3.6.1
  it('serves the API description and a page that loads only our own files', async () => {
    const { app, url } = await startThings();
    try {
      const description = await send(url, { method: 'GET', path: '/openapi.json' });
      expect((JSON.parse(description.text) as { openapi: string }).openapi).toBe('3.1.0');
      const page = await send(url, { method: 'GET', path: '/docs' });
      expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
      expect(page.text).not.toMatch(/https?:/);
      const policy = String(page.headers['content-security-policy']).split('; ');
      // object-src is what default-src says; base-uri is not.
      expect(policy).toEqual(expect.arrayContaining(["default-src 'none'", "script-src 'self'", "base-uri 'none'"]));
      expect(policy.filter((rule) => !rule.startsWith('style-src')).join()).not.toMatch(/unsafe|object-src|\*/);
      const paths = [...page.text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path]) => path ?? '');
      for (const path of paths) expect((await send(url, { method: 'GET', path })).status).toBe(200);
    } finally {
      await app.close();
    }
  });

  it('finishes what it has begun when it closes, ends the connection, and begins nothing new on it (F23)', async () => {
    const { app, port } = await startThings();
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
    const { app, url } = await startThings({ API_DOCS: 'false' });
    try {
      for (const path of ['/openapi.json', '/docs', '/docs/start.js']) {
        expect((await send(url, { method: 'GET', path })).status).toBe(404);
      }
    } finally {
      await app.close();
    }
  });
});
