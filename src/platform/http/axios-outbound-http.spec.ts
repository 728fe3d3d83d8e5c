import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, createServer as createTcpServer, type Server as TcpServer, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { markTransaction } from '../request/transaction-mark';
import { AxiosOutboundHttp, outboundLimits } from './axios-outbound-http';
import type { OutboundRequest } from './outbound-http';
import { selfSigned } from '../../../test/support/self-signed';

const client = (connectMilliseconds: number, totalMilliseconds: number) =>
  new AxiosOutboundHttp({ connectMilliseconds, totalMilliseconds, bodyBytes: 64 * 1024 });
/** Where time is not the subject: none of its limits is met first, on a machine however busy. */
const http = client(20_000, 40_000);
// Where it is, the one limit is short instead of slept through.
const [hastyInAll, hastyToConnect] = [client(20_000, 1000), client(150, 40_000)];
const servers: TcpServer[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.close();
    if ('closeAllConnections' in server) (server as Server).closeAllConnections();
  }
});
afterAll(() => [http, hastyInAll, hastyToConnect].forEach((one) => one.onApplicationShutdown()));

async function listen<S extends TcpServer>(server: S): Promise<number> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

async function serve(listener: RequestListener): Promise<string> {
  return `http://127.0.0.1:${await listen(createServer(listener))}`;
}

/** A raw TCP server; sockets are destroyed with the test. */
async function serveTcp(onSocket: (socket: Socket) => void): Promise<string> {
  const server = createTcpServer((socket) => {
    socket.on('error', () => undefined);
    onSocket(socket);
  });
  return `http://127.0.0.1:${await listen(server)}`;
}

const post = (url: string, more: Partial<OutboundRequest> = {}): OutboundRequest => ({
  method: 'POST',
  url,
  headers: { 'content-type': 'application/json' },
  body: '{"to":"+12025550123"}',
  ...more,
});

describe('what goes out and comes back', () => {
  it('sends the exact bytes of the body and gives the answer as text, whatever its status', async () => {
    const body = '{ "a":1,\n"ü":"✓" }';
    let received: Buffer | undefined;
    let type: string | undefined;
    const url = await serve((request, response) => {
      const chunks: Buffer[] = [];
      type = request.headers['content-type'];
      request
        .on('data', (chunk: Buffer) => chunks.push(chunk))
        .on('end', () => {
          received = Buffer.concat(chunks);
          response.writeHead(422, { 'Retry-After': '7' }).end('{"b": 2}');
        });
    });
    const answer = await http.request(post(url, { body, headers: { 'content-type': 'application/json' } }));
    expect(received?.equals(Buffer.from(body))).toBe(true);
    expect(type).toBe('application/json');
    expect(answer).toMatchObject({ ok: true, status: 422, text: '{"b": 2}', headers: { 'retry-after': '7' } });
  });

  it('reuses a connection', async () => {
    const ports = new Set<number | undefined>();
    const url = await serve((request, response) => {
      ports.add(request.socket.remotePort);
      response.end('ok');
    });
    await http.request({ method: 'GET', url, headers: {} });
    await http.request({ method: 'GET', url, headers: {} });
    expect(ports.size).toBe(1);
  });

  it('does not use a proxy named in the environment', async () => {
    let proxied = 0;
    const proxy = await serve((_request, response) => {
      proxied += 1;
      response.end();
    });
    const url = await serve((_request, response) => response.end('direct'));
    process.env['http_proxy'] = proxy;
    try {
      expect(await http.request(post(url))).toMatchObject({ text: 'direct' });
    } finally {
      delete process.env['http_proxy'];
    }
    expect(proxied).toBe(0);
  });

  it('throws inside a database transaction', async () => {
    await expect(markTransaction(() => http.request(post('http://127.0.0.1:9')))).rejects.toThrow('transaction');
  });

  it('waits 2 s for a connection, 5 s in all, and reads 64 kB unless told otherwise', () => {
    expect(outboundLimits).toEqual({ connectMilliseconds: 2000, totalMilliseconds: 5000, bodyBytes: 65_536 });
  });
});

describe('A25: redirects', () => {
  it.each([301, 302, 303, 307, 308])('never follows a %i: its target gets no request', async (status) => {
    let hits = 0;
    const target = await serve((_request, response) => {
      hits += 1;
      response.end();
    });
    const url = await serve((_request, response) => response.writeHead(status, { location: target }).end());
    expect(await http.request(post(url))).toEqual({ ok: false, kind: 'redirected', mayHaveArrived: true });
    expect(hits).toBe(0);
  });
});

describe('F05: answers without end', () => {
  const megabyte = Buffer.alloc(1024 * 1024, 'x');

  it('reads an endless body up to 64 kB and destroys the socket', async () => {
    let sent = 0;
    let whenClosed = (): void => undefined;
    const closed = new Promise<void>((resolve) => (whenClosed = resolve));
    const url = await serve(({ socket }, response) => {
      socket.once('close', whenClosed);
      const pump = (): void => {
        while (!socket.destroyed && response.write(megabyte)) sent += megabyte.length;
        if (!socket.destroyed) response.once('drain', pump);
      };
      pump();
    });
    expect(await http.request(post(url))).toEqual({ ok: false, kind: 'too_large', mayHaveArrived: true });
    await closed;
    expect(sent).toBeLessThan(64 * megabyte.length);
  });

  it('stops a gzip bomb at 64 kB of decompressed text', async () => {
    const bomb = gzipSync(Buffer.alloc(200 * 1024 * 1024));
    const url = await serve((_request, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb));
    const before = process.memoryUsage().rss;
    expect(await http.request(post(url))).toEqual({ ok: false, kind: 'too_large', mayHaveArrived: true });
    expect(process.memoryUsage().rss - before).toBeLessThan(20 * 1024 * 1024);
  });

  it('reads a body of exactly 64 kB, also compressed', async () => {
    const body = 'y'.repeat(64 * 1024);
    const url = await serve((_request, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(body)),
    );
    expect(await http.request(post(url))).toMatchObject({ ok: true, text: body });
  });
});

describe('F01, F06: no answer', () => {
  it('gives up on a silent vendor after the total time, and says that the request may have arrived', async () => {
    const url = await serve(() => undefined);
    expect(await hastyInAll.request(post(url))).toEqual({ ok: false, kind: 'timeout', mayHaveArrived: true });
  });

  it('counts a body that trickles in against the total time', async () => {
    const url = await serve((_request, response) => {
      const timer = setInterval(() => response.write('x'), 20);
      response.once('close', () => clearInterval(timer));
    });
    expect(await hastyInAll.request(post(url))).toEqual({ ok: false, kind: 'timeout', mayHaveArrived: true });
  });

  it('is sure that nothing was sent when the port is closed', async () => {
    const server = createServer();
    const port = await listen(server);
    await new Promise((resolve) => server.close(resolve));
    const answer = await http.request(post(`http://127.0.0.1:${port}`));
    expect(answer).toEqual({ ok: false, kind: 'refused', mayHaveArrived: false });
  });

  it('is sure that nothing was sent when the name does not exist', async () => {
    // RFC 6761: .invalid never resolves. A slow resolver ends as a connect timeout, equally certain.
    const answer = await hastyToConnect.request(post('http://vendor.invalid/'));
    expect(answer).toMatchObject({ ok: false, mayHaveArrived: false });
  });

  it('is sure that nothing was sent when the TLS handshake does not end in time', async () => {
    let bytes = '';
    const url = await serveTcp((socket) => socket.on('data', (chunk) => (bytes += chunk.toString('latin1'))));
    const answer = await hastyToConnect.request(post(url.replace('http:', 'https:')));
    expect(answer).toEqual({ ok: false, kind: 'timeout', mayHaveArrived: false });
    expect(bytes).not.toContain('12025550123');
  });

  it('is sure that nothing was sent when the other side does not speak TLS', async () => {
    const url = await serveTcp((socket) => socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')));
    const answer = await http.request(post(url.replace('http:', 'https:')));
    expect(answer).toEqual({ ok: false, kind: 'tls', mayHaveArrived: false });
  });

  // ASVS 12.3.2
  it('refuses a self-signed certificate, and the request never leaves', async () => {
    let requests = 0;
    const port = await listen(
      createTlsServer(selfSigned, (_request, response) => {
        requests += 1;
        response.end();
      }),
    );
    const answer = await http.request(post(`https://127.0.0.1:${port}`));
    expect(answer).toEqual({ ok: false, kind: 'tls', mayHaveArrived: false });
    expect(requests).toBe(0);
  });

  it.each<[string, (socket: Socket) => void]>([
    ['at the first bytes of the request', (socket) => socket.once('data', () => socket.resetAndDestroy())],
    ['politely without an answer', (socket) => socket.once('data', () => socket.end())],
    [
      'in the middle of the answer',
      (socket) =>
        socket.once('data', () => {
          socket.write('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"data"', () => socket.resetAndDestroy());
        }),
    ],
    [
      'in the middle of a chunk',
      (socket) =>
        socket.once('data', () => {
          socket.write('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n20\r\n{"data"', () => socket.end());
        }),
    ],
    ['after something that is not HTTP', (socket) => socket.once('data', () => socket.end('hello\r\n\r\n'))],
  ])('says that the request may have arrived when the connection ends %s', async (_when, act) => {
    const answer = await http.request(post(await serveTcp(act)));
    expect(answer).toEqual({ ok: false, kind: 'reset', mayHaveArrived: true });
  });

  it('ends with the caller, who is told apart from the deadline', async () => {
    const controller = new AbortController();
    const url = await serve(() => controller.abort());
    const answer = await http.request(post(url, { signal: controller.signal }));
    expect(answer).toEqual({ ok: false, kind: 'aborted', mayHaveArrived: true });
  });

  it('answers a caller who had given up before', async () => {
    const answer = await http.request(post('http://127.0.0.1:9', { signal: AbortSignal.abort() }));
    expect(answer).toEqual({ ok: false, kind: 'aborted', mayHaveArrived: false });
  });
});
