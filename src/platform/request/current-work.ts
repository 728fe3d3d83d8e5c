// What the running code belongs to: a request, a job, an open transaction, a trace. One store for all of them, because on Node 20
// every promise of a request carries on each AsyncLocalStorage there is, whether anybody asks it or not (ADR 70).
import { AsyncLocalStorage } from 'node:async_hooks';

/** All values are safe to store: bounded, without control characters. */
export interface RequestFacts {
  readonly requestId: string;
  /** The client's address as our proxies vouch for it, IPv4-mapped IPv6 written as IPv4. */
  readonly address: string;
  readonly userAgent: string | null;
}

export interface Work {
  readonly request?: RequestFacts;
  readonly isJob?: true;
  readonly isTransaction?: true;
  /** W3C traceparent of the span. */
  readonly traceparent?: string;
}

const nothing: Work = {};
const current = new AsyncLocalStorage<Work>();

export function currentWork(): Work {
  return current.getStore() ?? nothing;
}

/** Whatever `work` begins belongs to this, and to what surrounds it. */
export function within<T>(more: Work, work: () => T): T {
  return current.run({ ...current.getStore(), ...more }, work);
}

/** Whatever `work` begins belongs to this alone, and no longer to the request that has set it off. */
export function apart<T>(only: Work, work: () => T): T {
  return current.run(only, work);
}
