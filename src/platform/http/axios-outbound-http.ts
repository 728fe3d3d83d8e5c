// OutboundHttp over axios. Invariants: one request makes at most one hop, and takes at most `totalMilliseconds` and `bodyBytes` (counted after
// decompression). `mayHaveArrived` is false only if there never was a usable connection.
// Guarded by axios-outbound-http.spec.ts (A25, F01, F04, F05, F06).
import http from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';
import type { AxiosInstance, AxiosResponse } from 'axios';
import { madeOnce } from '../memory/made-once';
import { CALL_MILLISECONDS, callTimeLeft } from '../request/call-mark';
import { insideTransaction } from '../request/transaction-mark';
import {
  OutboundHttp,
  type OutboundAnswer,
  type OutboundFailure,
  type OutboundFailureKind,
  type OutboundRequest,
} from './outbound-http';

export interface OutboundLimits {
  /** Name lookup, TCP and TLS together. */
  readonly connectMilliseconds: number;
  /** From the call to the last byte of the answer. */
  readonly totalMilliseconds: number;
  /** Of the answer's body, counted after decompression. */
  readonly bodyBytes: number;
}

/** security.md 5.8 */
export const outboundLimits: OutboundLimits = {
  connectMilliseconds: 2000,
  totalMilliseconds: CALL_MILLISECONDS,
  bodyBytes: 64 * 1024,
};

const idleMilliseconds = 15_000;

/** How far a call has come. It decides whether the other side may have seen the request. */
interface Progress {
  phase: 'unconnected' | 'handshake' | 'connected';
  timedOut: boolean;
}

export class AxiosOutboundHttp extends OutboundHttp {
  private agents: readonly http.Agent[] = [];
  /** Library and TLS are loaded at the first call: they would take a twentieth of a start, and most commands call nobody. */
  private readonly client = madeOnce(() => this.open());

  constructor(private readonly limits: OutboundLimits = outboundLimits) {
    super();
  }

  /** Closes idle connections. Nest calls it at shutdown. */
  onApplicationShutdown(): void {
    for (const agent of this.agents) agent.destroy();
  }

  override async request(request: OutboundRequest): Promise<OutboundAnswer | OutboundFailure> {
    if (insideTransaction()) throw new Error('outbound HTTP inside a database transaction');
    const client = await this.client();
    const progress: Progress = { phase: 'unconnected', timedOut: false };
    // One signal and one timer, which end with the call. Composed signals cost more, and would live on for the rest of the five seconds.
    const call = new AbortController();
    const abort = (): void => call.abort();
    const expire = (): void => {
      progress.timedOut = true;
      abort();
    };
    const milliseconds = Math.min(this.limits.totalMilliseconds, callTimeLeft());
    const timer = setTimeout(expire, milliseconds);
    if (milliseconds < 1) expire();
    request.signal?.addEventListener('abort', abort);
    if (request.signal?.aborted === true) abort();
    try {
      const response = await client.request<string>({
        method: request.method,
        url: request.url,
        headers: { 'user-agent': 'latchkey', ...request.headers },
        data: request.body,
        signal: call.signal,
        transport: this.watchedTransport(request.url, progress),
      });
      return answerOf(response);
    } catch (error) {
      return { ok: false, kind: kindOf(error, progress, request), mayHaveArrived: arrived(progress) };
    } finally {
      clearTimeout(timer);
      request.signal?.removeEventListener('abort', abort);
    }
  }

  private async open(): Promise<AxiosInstance> {
    const { default: axios } = await import('axios');
    const connections = { keepAlive: true, timeout: idleMilliseconds };
    const [httpAgent, httpsAgent] = [new http.Agent(connections), new https.Agent(connections)];
    this.agents = [httpAgent, httpsAgent];
    return axios.create({
      httpAgent,
      httpsAgent,
      proxy: false,
      maxRedirects: 0,
      maxContentLength: this.limits.bodyBytes,
      responseType: 'text',
      // The caller's bytes go out and the answer's text comes in unchanged: axios must not guess JSON in either.
      transformRequest: [(data: unknown) => data],
      transformResponse: [(data: unknown) => data],
      validateStatus: () => true,
    });
  }

  /** Node's own client, with a time limit for connecting, and a note of how far the connection has come. */
  private watchedTransport(url: string, progress: Progress) {
    const secure = url.startsWith('https:');
    const open = secure ? https.request : http.request;
    return {
      request: (options: https.RequestOptions, onResponse: (response: http.IncomingMessage) => void) => {
        const outgoing = open(options, onResponse);
        outgoing.once('socket', (socket) => {
          if (outgoing.reusedSocket) progress.phase = 'connected';
          else this.watchConnect(socket, secure, progress);
        });
        return outgoing;
      },
    };
  }

  private watchConnect(socket: Socket, secure: boolean, progress: Progress): void {
    const timer = setTimeout(() => {
      progress.timedOut = true;
      socket.destroy(new Error('connect timeout'));
    }, this.limits.connectMilliseconds);
    socket.once('close', () => clearTimeout(timer));
    socket.once('connect', () => {
      progress.phase = secure ? 'handshake' : 'connected';
      if (!secure) clearTimeout(timer);
    });
    // This event comes only after the certificate was accepted.
    socket.once('secureConnect', () => {
      progress.phase = 'connected';
      clearTimeout(timer);
    });
  }
}

function answerOf(response: AxiosResponse<string>): OutboundAnswer | OutboundFailure {
  if (response.status >= 300 && response.status < 400) return { ok: false, kind: 'redirected', mayHaveArrived: true };
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(response.headers)) {
    if (value !== undefined && value !== null) headers[name.toLowerCase()] = String(value);
  }
  return { ok: true, status: response.status, headers, text: response.data };
}

function arrived(progress: Progress): boolean {
  return progress.phase === 'connected';
}

function kindOf(error: unknown, progress: Progress, request: OutboundRequest): OutboundFailureKind {
  if (progress.timedOut) return 'timeout';
  if (request.signal?.aborted === true) return 'aborted';
  if (progress.phase === 'unconnected') return 'refused';
  if (progress.phase === 'handshake') return 'tls';
  return overflowed(error) ? 'too_large' : 'reset';
}

function overflowed(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('maxContentLength');
}
