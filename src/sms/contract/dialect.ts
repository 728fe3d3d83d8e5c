// What the simulator needs from a vendor: its routes, answered as the vendor answers them. A dialect keeps state like the vendor. It is
// written from the vendor's documents and not from our client; fixtures and the vendor's own specification check both. Dialects never ship
// inside the app.
import type { Clock } from '../../platform/clock/clock';
import type { Random } from '../../platform/random/random';
import type { Channel, DevelopmentKeys } from './provider';

export interface DialectRequest {
  readonly method: string;
  /** Path without the query, percent-encoded as it was sent. */
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

/** A POST from the vendor to its customer, signed as the vendor signs. */
export interface OutgoingWebhook {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** One post of a receipt. */
export interface Occasion {
  /** Whole URL that is posted to. */
  readonly url: string;
  /** The instant at which it is signed and posted. */
  readonly at: Date;
}

/** `failed`: the fault `undelivered` is on, and the phone gets nothing. */
export type Stage = 'sent' | 'delivered' | 'failed';

/** How this vendor reports what becomes of a message: called for `sent`, then for `delivered` or `failed`. */
export interface MessageNews {
  /** The address that came with the message; absent: that of the simulator's own setting. */
  readonly url?: string | undefined;
  /** @returns undefined for a stage that this vendor does not report */
  write(stage: Stage, occasion: Occasion): OutgoingWebhook | undefined;
}

export interface InboundText {
  /** The vendor's id of the text is made from this UUID. */
  readonly id: string;
  /** E.164 with +. */
  readonly from: string;
  readonly text: string;
}

/** What the simulated network offers to a dialect. */
export interface DialectContext {
  readonly clock: Clock;
  readonly random: Random;
  /** The keys of this customer, as the vendor knows them: environment variables, completed by the generated development keys. */
  readonly credentials: Readonly<Record<string, string | undefined>>;
  /** Puts a message on the simulated phone, and sends its news to the customer. */
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
  /** Must be the same constant as in the vendor's definition. Otherwise simulator and client would generate different keys. */
  readonly developmentKeys: DevelopmentKeys;
  routes(context: DialectContext): readonly DialectRoute[];
  /** How this vendor tells its customer that somebody wrote to one of the customer's numbers. Absent when nobody can write to them. */
  readonly inbound?: (message: InboundText, occasion: Occasion, context: DialectContext) => OutgoingWebhook;
}
