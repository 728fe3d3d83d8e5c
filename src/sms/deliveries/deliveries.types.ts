// Hand-overs as the module knows them: rows of sms_deliveries, and what is written there.
import type { MessageReference } from '../contract/message-source';
import type { Channel } from '../contract/provider';

export type DeliveryStatus = 'queued' | 'sent' | 'failed' | 'delivered';

export interface Delivery {
  readonly id: string;
  /** null: no vendor was called. */
  readonly provider: string | null;
  /** The vendor's id of the message or verification; null until it has accepted. */
  readonly providerId: string | null;
  readonly status: DeliveryStatus;
  readonly failureKind: string | null;
  readonly send: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export interface NewDelivery {
  readonly id: string;
  readonly reference: MessageReference;
  readonly provider: string | null;
  /** E.164 with +. */
  readonly phone: string;
  readonly channel: Channel;
  /** Of a text of ours; null where there is none, or the vendor words its own. */
  readonly segments: number | null;
  /** By the operator's price list; null when that has none. */
  readonly expected: { readonly price: string; readonly currency: string } | null;
  /** It waits for a place at its vendor, which nobody has called. */
  readonly isWaiting?: boolean;
  /** Id of a former run's hand-over, whose vendor may have the message: this run goes on with it. */
  readonly doubted?: string | undefined;
  readonly now: Date;
}

/** A message that a vendor has taken. */
export interface TakenMessage {
  readonly id: string;
  readonly providerId: string | null;
  readonly now: Date;
}

/** A message that is out. */
export interface SentMessage extends TakenMessage {
  /** What it was about. */
  readonly ref: string;
  /** By what it went. */
  readonly reason: string;
}
