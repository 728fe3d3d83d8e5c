// The only way to call other systems: one request gives one answer, or a failure as a value. It makes no retry, follows no redirect and uses no
// proxy. Limits: 2 s to connect, 5 s in all, for all requests of one call (call-mark.ts) together, 64 kB of answer (security.md 5.8, A25, F01, F05).

export interface OutboundRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The exact bytes to send, because signatures are made over them. */
  readonly body?: string;
  readonly signal?: AbortSignal;
}

export interface OutboundAnswer {
  readonly ok: true;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

/**
 * refused: no connection was made; tls: it never became a trusted one. After either certainly nothing was sent. redirected: a 3xx, which is
 * never followed. After reset, too_large and redirected the request has arrived, or may have. After timeout and aborted it depends on how far
 * the call had come, and only `mayHaveArrived` tells.
 */
export type OutboundFailureKind = 'refused' | 'tls' | 'timeout' | 'aborted' | 'reset' | 'too_large' | 'redirected';

export interface OutboundFailure {
  readonly ok: false;
  readonly kind: OutboundFailureKind;
  /** False only when the request certainly never left. Decides whether a message may be sent again elsewhere (F13). */
  readonly mayHaveArrived: boolean;
}

/** @throws Error inside a database transaction: rows must not stay locked while a network answers */
export abstract class OutboundHttp {
  abstract request(request: OutboundRequest): Promise<OutboundAnswer | OutboundFailure>;
}
