// The audit log as operators read it.
import type { AuditEventName } from './audit.types';

/** Fields that are absent do not filter. */
export interface AuditFilter {
  readonly event?: string | undefined;
  readonly userId?: string | undefined;
  /** Included. */
  readonly from?: Date | undefined;
  /** Not included. */
  readonly to?: Date | undefined;
}

export interface AuditEntry {
  /** Decimal digits, in the order of writing. */
  readonly id: string;
  readonly at: Date;
  readonly event: AuditEventName;
  readonly outcome: 'success' | 'failure';
  readonly userId: string | null;
  readonly sessionId: string | null;
  /** Id of the challenge, registration, delivery or client app that the event is about. */
  readonly ref: string | null;
  readonly requestId: string | null;
  /** After 90 days only its network. */
  readonly address: string | null;
  /** A digest that tells browsers apart. */
  readonly userAgentHash: string | null;
  /** The methods that proved the person, for a sign-in or step-up. */
  readonly amr: readonly string[] | null;
  /** For 30 days: a keyed digest, in hexadecimal, of the number that a challenge was for, and the number's last two digits. */
  readonly phoneHmac: string | null;
  readonly phoneTail: string | null;
  readonly reason: string | null;
  readonly meta: Readonly<Record<string, unknown>> | null;
}

export interface AuditPage {
  readonly entries: readonly AuditEntry[];
  /** For the next page, which there may be even if this one is not full; null when there is none. */
  readonly nextCursor: string | null;
}
