// Hand-overs as this module knows them: rows of sms_deliveries, and what is written there.
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
  /** How many segments a text of ours has; null when the vendor words the message, or there is none. */
  readonly segments: number | null;
  /** By the operator's price list; null when the list does not say. */
  readonly expected: { readonly price: string; readonly currency: string } | null;
  /** It waits for a place at its vendor, which was not called yet. */
  readonly isWaiting?: boolean;
  /** Id of a former run's hand-over, whose vendor may have the message; this run continues it. */
  readonly doubted?: string | undefined;
  readonly now: Date;
}

/** A message that a vendor has taken. */
export interface TakenMessage {
  readonly id: string;
  readonly providerId: string | null;
  readonly now: Date;
}

/** A message that was sent. */
export interface SentMessage extends TakenMessage {
  /** Id of what it was about. */
  readonly ref: string;
  /** The vendor that has it. */
  readonly reason: string;
}
