// What the simulator needs from a vendor: its routes, answered as the vendor answers. A dialect keeps state as the
// vendor does and is written from the vendor's documents, not from our client (fixtures and the vendor's own
// spec keep both honest). Dialects never ship inside the app.
import type { Clock } from '../../platform/clock/clock';
import type { Random } from '../../platform/random/random';
import type { Channel } from './provider';

export interface DialectRequest {
  readonly method: string;
  /** Path as sent, still percent-encoded, without the query. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** Named groups of the route's pattern, decoded. */
  readonly params: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly rawBody: string;
}

export interface DialectAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

export interface PhoneMessage {
  /** E.164 with +. */
  readonly to: string;
  readonly text: string;
  readonly code: string | null;
  readonly channel: Channel;
}

/** What the simulated network offers to a dialect. */
export interface DialectContext {
  readonly clock: Clock;
  readonly random: Random;
  /** Keys the vendor knows of this customer: environment variables, filled with the generated development keys. */
  readonly credentials: Readonly<Record<string, string | undefined>>;
  /** Puts a message on the simulated phone. */
  deliver(message: PhoneMessage): void;
}

export interface DialectRoute {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Path with :names, for example /2fa/2/pin/:pinId/verify */
  readonly path: string;
  answer(request: DialectRequest): DialectAnswer;
}

export interface Dialect {
  /** Provider names this dialect answers for, for faults and GET /requests. */
  readonly provider: string;
  /** The very const of the vendor's definition: without it simulator and client would generate different keys. */
  readonly developmentKeys: Readonly<Record<string, () => string>>;
  routes(context: DialectContext): readonly DialectRoute[];
}
