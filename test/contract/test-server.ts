// Two small HTTP servers on 127.0.0.1 for contract tests: one that plays back an answer and remembers the request, one
// that serves a dialect.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { DialectAnswer, DialectRequest, DialectRoute } from '../../src/sms/contract/dialect';

export interface SeenRequest {
  readonly method: string;
  /** With the query, as sent. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** `body` that is a string is sent as it is, anything else as JSON. */
export interface PlayedAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

export interface TestServer {
  readonly origin: string;
  readonly seen: SeenRequest[];
  close(): Promise<void>;
}

/** Answers every request with what `play` says; undefined resets the connection after the request was read. */
export async function startPlayback(play: (request: SeenRequest) => PlayedAnswer | undefined): Promise<TestServer> {
  const seen: SeenRequest[] = [];
  const server = createServer((incoming, response) => {
    void read(incoming).then((request) => {
      seen.push(request);
      const answer = play(request);
      if (answer === undefined) incoming.socket.resetAndDestroy();
      else write(response, answer);
    });
  });
  return listening(server, seen);
}

export function startDialect(routes: readonly DialectRoute[]): Promise<TestServer> {
  return startPlayback((request) => answerOf(routes, request));
}

/** As the simulator routes: first match of method and pattern, names decoded. */
export function answerOf(routes: readonly DialectRoute[], { method, path, headers, body }: SeenRequest): DialectAnswer {
  const url = new URL(path, 'http://vendor');
  const sentPath = path.split('?', 1)[0] ?? '';
  for (const route of routes) {
    const pattern = new RegExp(`^${route.path.replace(/:(\w+)/g, '(?<$1>[^/]+)')}$`);
    const match = route.method === method ? pattern.exec(sentPath) : null;
    if (match === null) continue;
    const params = Object.entries(match.groups ?? {}).map(([name, value]) => [name, decodeURIComponent(value)]);
    const request: DialectRequest = {
      method,
      path: sentPath,
      query: Object.fromEntries(url.searchParams),
      params: Object.fromEntries(params) as Record<string, string>,
      headers,
      rawBody: body,
    };
    return route.answer(request);
  }
  return { status: 404, body: 'no such route' };
}

async function read(incoming: IncomingMessage): Promise<SeenRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const headers = Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]);
  return {
    method: incoming.method ?? '',
    path: incoming.url ?? '',
    headers: Object.fromEntries(headers) as Record<string, string>,
    body: Buffer.concat(chunks).toString('utf8'),
  };
}

function write(response: ServerResponse, { status, headers = {}, body }: PlayedAnswer): void {
  const text = typeof body === 'string' ? body : body === undefined ? '' : JSON.stringify(body);
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(text);
}

async function listening(server: Server, seen: SeenRequest[]): Promise<TestServer> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen, close };
}
