// The one door to the outside world: one request in, one answer out, failure as a value.
// No retry, no redirect, no proxy; connect 2 s, total 5 s, answer capped at 64 kB (security.md 5.8, A25, F01, F05).

export interface OutboundRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The exact bytes to send: signatures are made over them. */
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
 * refused: no connection was made (certain that nothing was sent); the rest may have reached the other side.
 * redirected: a 3xx, which is never followed.
 */
export type OutboundFailureKind = 'refused' | 'tls' | 'timeout' | 'aborted' | 'reset' | 'too_large' | 'redirected';

export interface OutboundFailure {
  readonly ok: false;
  readonly kind: OutboundFailureKind;
  /** true unless it is certain that the request never left: decides whether a send may be repeated elsewhere (F13). */
  readonly mayHaveArrived: boolean;
}

/** @throws Error inside a database transaction: the network is never called while rows are locked. */
export abstract class OutboundHttp {
  abstract request(request: OutboundRequest): Promise<OutboundAnswer | OutboundFailure>;
}
