// What the running code belongs to: a request, a job, an open transaction, a trace. All are in one AsyncLocalStorage, because on Node 20 every
// promise of a request carries each such storage along, whether anybody reads it or not (ADR 70).
import { AsyncLocalStorage } from 'node:async_hooks';

/** All values are safe to store: bounded, without control characters. */
export interface RequestFacts {
  readonly requestId: string;
  /** The client's address as told by our own proxies; IPv4-mapped IPv6 is written as IPv4. */
  readonly address: string;
  readonly userAgent: string | null;
}

export interface Work {
  readonly request?: RequestFacts;
  readonly isJob?: true;
  readonly isTransaction?: true;
  /** Is told of rejections that this code leaves unhandled (stray-mark.ts). */
  readonly onStray?: (error: unknown) => void;
  /** Of the running call of a vendor, by performance.now(). */
  readonly callEndsAt?: number;
  /** W3C traceparent of the span. */
  readonly traceparent?: string;
}

const nothing: Work = {};
const current = new AsyncLocalStorage<Work>();

export function currentWork(): Work {
  return current.getStore() ?? nothing;
}

/** Code that `work` starts belongs to `more` in addition to what it belongs to now. */
export function within<T>(more: Work, work: () => T): T {
  const before = current.getStore();
  return current.run(before === undefined ? more : { ...before, ...more }, work);
}

/** Code that `work` starts belongs to `only`, and no longer to the request that has started it. */
export function apart<T>(only: Work, work: () => T): T {
  return current.run(only, work);
}
