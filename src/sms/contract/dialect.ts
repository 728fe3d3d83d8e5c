// What the simulator needs from a vendor: its routes, answered as the vendor answers. A dialect keeps state as the
// vendor does and is written from the vendor's documents, not from our client (fixtures and the vendor's own
// spec keep both honest). Dialects never ship inside the app.
import type { Clock } from '../../platform/clock/clock';
import type { Random } from '../../platform/random/random';
import type { Channel, DevelopmentKeys } from './provider';

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

/** A request of the vendor to its customer, signed as the vendor signs. POST. */
export interface OutgoingWebhook {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** One post of a receipt. */
export interface Occasion {
  /** Whole URL that is posted to. */
  readonly url: string;
  /** When it is signed and posted. */
  readonly at: Date;
}

/** `failed`: the fault `undelivered` is on, and the phone gets nothing. */
export type Stage = 'sent' | 'delivered' | 'failed';

/** How this vendor tells what becomes of one message: asked for `sent`, then for `delivered` or `failed`. */
export interface MessageNews {
  /** Given with the message; absent: the simulator's own setting. */
  readonly url?: string | undefined;
  /** @returns undefined for a stage that this vendor does not tell */
  write(stage: Stage, occasion: Occasion): OutgoingWebhook | undefined;
}

export interface InboundText {
  /** The vendor's id of it is made of this UUID. */
  readonly id: string;
  /** E.164 with +. */
  readonly from: string;
  readonly text: string;
}

/** What the simulated network offers to a dialect. */
export interface DialectContext {
  readonly clock: Clock;
  readonly random: Random;
  /** Keys the vendor knows of this customer: environment variables, filled with the generated development keys. */
  readonly credentials: Readonly<Record<string, string | undefined>>;
  /** Puts a message on the simulated phone, and tells the customer of it. */
  deliver(message: PhoneMessage, news?: MessageNews): void;
  /** Whether this number has told this vendor to stop (POST /inbox/:phone/reply). @param phone E.164 with + */
  hasStopped(phone: string): boolean;
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
  readonly developmentKeys: DevelopmentKeys;
  routes(context: DialectContext): readonly DialectRoute[];
  /** How this vendor tells its customer that somebody wrote to a number of the customer's; absent where nobody can. */
  readonly inbound?: (message: InboundText, occasion: Occasion, context: DialectContext) => OutgoingWebhook;
}
