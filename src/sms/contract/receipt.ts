// What a vendor tells us after a hand-over: how a message ended, and what people write back. A vendor adds its reader so:
//   1. `<product>.receipts.ts` in its folder: a ReceiptReader that checks the signature over `rawBody` (never over what a parser
//      made of it), then the age where the vendor signs a time (isFresh), then maps its words to ours. A class or a function, pure
//      but for the clock: no database, no log.
//   2. `receipts: (dependencies) => new TelnyxReceipts(dependencies)` in its definition; undefined while a key it needs is not
//      configured, and then there is no webhook. The key goes into the slice (<VENDOR>_WEBHOOK_SECRET, ...) and developmentKeys.
//   3. The client hands `dependencies.webhookUrl` to the vendor with each message, where its API takes such a URL.
//   4. The dialect passes MessageNews with `context.deliver` and, for senders, has `inbound` (contract/dialect.ts), signed as vendors sign.
//   5. `fixtures/<name>-receipts.json`: vectors, words, refusals; and `<product>.receipts.spec.ts`, which says how it signs, plays these and tries
//      whatever else may come (test/support/receipt-properties.ts). test/contract/full/receipts.contract-spec.ts has it read its dialect.
// Two products of one vendor that share their webhooks share the reader: each has a URL of its own, and an id is looked up within it.
import type { ConfigSlice } from '../../config/config-slice';
import type { Clock } from '../../platform/clock/clock';

/** Refused when older or newer than this, where the vendor signs a time (security.md 5.4, A89). */
export const REPLAY_WINDOW_SECONDS = 300;

export interface WebhookRequest {
  readonly method: string;
  /** As the vendor was given it, query included: from configuration, never from Host or X-Forwarded-* (A91). */
  readonly url: string;
  /** Path and query of `url` as they arrived: what some vendors sign instead of the whole. */
  readonly path: string;
  /** Names in lower case. One that came twice has its values joined with ", ", so that no signature fits. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** The body as it arrived, JSON or a form: at most 64 kB. */
  readonly rawBody: Buffer;
}

/** queued < sent < failed < delivered: what comes late or twice changes nothing. */
export type ReceiptStatus = 'sent' | 'delivered' | 'failed';

/** `undelivered`: it left the vendor and did not arrive. `opted_out`: the number has told this sender to stop. */
export type UndeliveredKind =
  'undelivered' | 'expired' | 'opted_out' | 'blocked' | 'invalid_number' | 'unsupported_destination' | 'out_of_credit';

/** What became of one hand-over. */
export interface DeliveryReceipt {
  readonly kind: 'delivery';
  /** What `send`, `sendCode` or `start` answered: providerMessageId or providerVerificationId. */
  readonly providerId: string;
  /** Our delivery id, where the vendor repeats the `reference` it was given. Found by it when the id is not known yet. */
  readonly reference?: string;
  readonly status: ReceiptStatus;
  /** When it happened by the vendor's clock; null where it does not say. */
  readonly at: Date | null;
  /** With `failed` only. */
  readonly failure?: {
    readonly kind: UndeliveredKind;
    /** The vendor's own code (contract/vendor-answer.ts vendorCode), never its text. */
    readonly vendorCode?: string;
  };
  /** What the vendor says it charges for the whole message. */
  readonly price?: { readonly amount: string; readonly currency: string };
}

/** Somebody has written to a sender of ours. */
export interface InboundMessage {
  readonly kind: 'inbound';
  /** The vendor's id of it: the same however often it is told. */
  readonly providerId: string;
  /** E.164 with +. */
  readonly from: string;
  /** Our sender as the vendor names it: a number in E.164, a short code, or a name. */
  readonly to: string;
  readonly text: string;
  readonly at: Date | null;
  /** Where the vendor itself has understood it (Twilio OptOutType). Absent: the text decides (opt-outs/keywords.policy.ts). */
  readonly optOut?: 'stop' | 'start';
}

export type ReceiptEvent = DeliveryReceipt | InboundMessage;

/** Where a vendor expects more than an empty 200. */
export interface WebhookAnswer {
  readonly contentType: string;
  readonly body: string;
}

/**
 * `ok` without events: signed and readable, and nothing we need; answered 200, so that it is not repeated.
 * Refusals: `bad_signature` and `stale` are 401, `unreadable` (signed, and not what the vendor documents) is 400.
 */
export type ReceiptReading =
  | { readonly ok: true; readonly events: readonly ReceiptEvent[]; readonly answer?: WebhookAnswer }
  | { readonly ok: false; readonly refusal: 'bad_signature' | 'stale' | 'unreadable' };

export interface ReceiptReader {
  /** Never throws, whatever it is given. */
  read(request: WebhookRequest): ReceiptReading;
}

export interface ReceiptDependencies<C extends ConfigSlice> {
  readonly config: C;
  readonly clock: Clock;
}
