// Keeps what the vendors have received, for tests and for people who debug a client. A request is noted when it arrives, so a request that never
// gets an answer is in the list too. Its status is added later. Keys and signatures are masked. Memory is bounded per provider.
import type { Clock } from '../platform/clock/clock';
import type { Random } from '../platform/random/random';
import type { DialectRequest } from '../sms/contract/dialect';
import type { FaultKind } from './faults';

interface ReceivedRequest {
  readonly id: string;
  readonly provider: string;
  readonly method: string;
  /** The path as it was sent, still percent-encoded, without the query. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** The raw body, cut after 16 384 characters. */
  readonly body: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  /** Status of the answer, also of an answer that was lost by a fault; null while there is none. */
  readonly status: number | null;
  /** The fault that acted on this request; null without one. */
  readonly fault: FaultKind | null;
}

type Noted = { -readonly [K in keyof ReceivedRequest]: ReceivedRequest[K] };

const BODY_LENGTH_MAX = 16_384;
/** The secret key of the app in a form, which vendors of widgets take in the body. */
const secretField = /((?:^|&)secret=)[^&]*/;
const secretName = /auth|key|token|secret|signature|cookie|password/i;

export class RequestLog {
  /** Oldest first. */
  private readonly requests = new Map<string, Noted[]>();

  /** @param capacity requests kept per provider */
  constructor(
    private readonly clock: Clock,
    private readonly random: Random,
    private readonly capacity = 5_000,
  ) {}

  /** @returns the entry; the caller sets its status and fault */
  note(provider: string, request: DialectRequest): Noted {
    const entry: Noted = {
      id: this.random.uuid(),
      provider,
      method: request.method,
      path: request.path,
      query: masked(request.query),
      headers: masked(request.headers),
      body: request.rawBody.slice(0, BODY_LENGTH_MAX).replace(secretField, '$1[masked]'),
      at: this.clock.now().toISOString(),
      status: null,
      fault: null,
    };
    const kept = this.requests.get(provider) ?? [];
    kept.push(entry);
    if (kept.length > this.capacity) kept.shift();
    this.requests.set(provider, kept);
    return entry;
  }

  /** Oldest first, of all providers when none is named. Ids are UUIDv7, so they sort by arrival, even when a test moves the clock. */
  list(provider?: string): readonly ReceivedRequest[] {
    if (provider !== undefined) return this.requests.get(provider) ?? [];
    return [...this.requests.values()].flat().sort((a, b) => (a.id < b.id ? -1 : 1));
  }
}

/** The scheme of an Authorization header is not masked, because people want to see which one a client uses. */
function masked<T extends string | undefined>(values: Readonly<Record<string, T>>): Record<string, T | string> {
  const shown: Record<string, T | string> = {};
  for (const [name, value] of Object.entries(values)) {
    const scheme = /^([A-Za-z][\w-]*) /.exec(value ?? '')?.[1];
    shown[name] = secretName.test(name) ? (scheme === undefined ? '[masked]' : `${scheme} [masked]`) : value;
  }
  return shown;
}
