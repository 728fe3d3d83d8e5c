// Methods, paths, headers, errors and log lines of every request, on real sockets.
import { problemIn, send, sendBytes } from '../../test/support/raw-http';
import { CANARY, startThings, type ThingsApp } from '../../test/support/things-app';

let api: ThingsApp;
beforeAll(async () => {
  api = await startThings();
});
afterAll(() => api.app.close());

describe('the HTTP surface', () => {
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
      const answer = await send(api.url, { method, path, headers: { 'x-http-method-override': 'POST' } });
      expect([answer.status, answer.headers.allow]).toEqual([status, allow]);
      if (status >= 400) expect(problemIn(answer.text).code).toBe(status === 405 ? 'method_not_allowed' : 'not_found');
      expect(answer.headers['cache-control']).toBe('no-store');
      expect(answer.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
    });
  });

  describe('headers and errors (A93)', () => {
    // ASVS 3.2.1, 3.4.1, 3.4.3, 3.4.4, 3.4.5, 3.4.6, 3.4.8, 3.5.8, 13.4.6, 14.2.2, 14.3.2
    // NIST SB-9
    it('protects every answer, and names no product', async () => {
      for (const path of ['/me', '/nowhere', '/broken']) {
        const { headers } = await send(api.url, { method: 'GET', path });
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
      expect((await send(api.url, { method: 'GET', path: '/cached' })).headers['cache-control']).toBe(
        'public, max-age=60',
      );
      const { status, headers, text } = await send(api.url, { method: 'GET', path: '/cached-error' });
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

    // ASVS 16.3.4
    it('answers an unforeseen error with a fixed 500, whatever status it claims, and logs its stack', async () => {
      const { status, text, headers } = await send(api.url, { method: 'GET', path: '/broken' });
      expect([status, problemIn(text).code]).toEqual([500, 'internal']);
      expect(text).not.toContain(CANARY);
      const line = api.lines.find(
        (entry) => entry.includes(String(headers['x-request-id'])) && entry.includes('stack'),
      );
      expect(line).toContain(CANARY);
      expect(JSON.parse(line ?? '{}')).toMatchObject({ level: 'error', problem: 'internal' });
    });

    it('keeps the words of the framework to itself', async () => {
      const { status, text } = await send(api.url, { method: 'GET', path: `/uuids/${CANARY}` });
      expect([status, problemIn(text).code]).toEqual([400, 'validation_failed']);
      expect(text).not.toMatch(/uuid|cANARY/);
    });

    it('answers once when an error follows the answer', async () => {
      expect((await send(api.url, { method: 'GET', path: '/answered-then-broken' })).text).toBe('{"first":true}');
    });

    it('answers what is not HTTP, and headers over 8 kB, with a problem document and closes', async () => {
      const garbage = await sendBytes(api.url, `GET /${CANARY} HTP\r\n\r\n`);
      expect(garbage).toMatch(/^HTTP\/1.1 400 /);
      expect(garbage).not.toContain(CANARY);
      const long = await sendBytes(
        api.url,
        `GET /me HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: ${'1'.repeat(10_000)}\r\n\r\n`,
      );
      expect(long).toMatch(/^HTTP\/1.1 413 [^]*"code":"payload_too_large"/);
    });
  });

  describe('what node would answer by itself', () => {
    it('refuses a request without Host with a problem document, and takes one of HTTP/1.0', async () => {
      const refused = await sendBytes(api.url, 'GET /me HTTP/1.1\r\nConnection: close\r\n\r\n');
      expect(refused).toMatch(/^HTTP\/1.1 400 [^]*x-content-type-options: nosniff[^]*"code":"validation_failed"/);
      expect(await sendBytes(api.url, 'GET /me HTTP/1.0\r\n\r\n')).toMatch(/^HTTP\/1.1 200 /);
    });

    it('passes over an expectation that it does not know', async () => {
      const answer = await sendBytes(
        api.url,
        'GET /me HTTP/1.1\r\nHost: a\r\nExpect: 200-ok\r\nConnection: close\r\n\r\n',
      );
      expect(answer).toMatch(/^HTTP\/1.1 200 [^]*x-content-type-options: nosniff/);
    });
  });

  describe('request context and log (A86)', () => {
    it('tells services the request id, the address and a harmless user agent', async () => {
      const agent = `<img src=x>\t{"event":"fake"}${'y'.repeat(400)}`;
      const { text, headers } = await send(api.url, { method: 'GET', path: '/me', headers: { 'user-agent': agent } });
      expect(JSON.parse(text)).toEqual({
        requestId: headers['x-request-id'],
        address: '127.0.0.1',
        userAgent: agent.replace('\t', '').slice(0, 256),
      });
    });

    it('takes no request id from the client', async () => {
      const { headers } = await send(api.url, {
        method: 'GET',
        path: '/me',
        headers: { 'x-request-id': CANARY, 'request-id': CANARY },
      });
      expect(headers['x-request-id']).not.toBe(CANARY);
    });

    it('writes one line per request: the route, never the path, the query, a header or the body', async () => {
      const { headers } = await send(api.url, {
        method: 'GET',
        path: `/things/${CANARY}?sort=${CANARY}`,
        headers: { 'x-a': CANARY },
      });
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
    const answer = await sendBytes(
      api.url,
      'GET http://evil.example/nowhere HTTP/1.1\r\nHost: evil.example\r\nX-Forwarded-Host: evil.example\r\nConnection: close\r\n\r\n',
    );
    expect(answer).toMatch(/^HTTP\/1.1 404 /);
    expect(answer).not.toContain('evil');
  });
});
