// What the server reads as a body, and what it refuses, on real sockets.
import { gzipSync } from 'node:zlib';
import { JSON_TYPE, problemIn, send, sendBytes } from '../../test/support/raw-http';
import { CANARY, startThings, type ThingsApp } from '../../test/support/things-app';

let api: ThingsApp;
beforeAll(async () => {
  api = await startThings();
});
afterAll(() => api.app.close());

const post = (body: Buffer | string, headers: Readonly<Record<string, string>> = JSON_TYPE) =>
  send(api.url, { path: '/things', headers, body });

describe('the HTTP surface', () => {
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
      expect([status, problemIn(text).code]).toEqual([400, 'validation_failed']);
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
      expect([status, problemIn(text).code]).toEqual([415, 'unsupported_media_type']);
    });

    // ASVS 1.3.12
    it('answers more than 16 kB with 413 and closes the connection, announced or chunked', async () => {
      const announced = await post(JSON.stringify({ name: 'x'.repeat(17_000) }));
      expect([announced.status, announced.headers.connection]).toEqual([413, 'close']);
      const head =
        'POST /things HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n';
      const chunk = `4000\r\n${'x'.repeat(0x4000)}\r\n`;
      const answer = await sendBytes(api.url, head, chunk, chunk);
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
        const answer = await sendBytes(
          api.url,
          `POST ${path} HTTP/1.1\r\nHost: a\r\n${headers}\r\n\r\n`,
          '4\r\nxxxx\r\n',
        );
        expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
      },
    );

    it('validates queries: a field unknown to the route is 400', async () => {
      const { status, text } = await send(api.url, { method: 'GET', path: '/things/1?sort=a&a[]=1' });
      expect([status, problemIn(text).code]).toEqual([400, 'validation_failed']);
      expect((await send(api.url, { method: 'GET', path: '/things/1?sort=a' })).status).toBe(200);
    });
  });
});
