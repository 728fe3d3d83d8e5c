// The audit log as operators read it.
import type { AuditEventName } from './audit.types';

/** What is absent is not filtered by. */
export interface AuditFilter {
  readonly event?: string | undefined;
  readonly userId?: string | undefined;
  /** Included. */
  readonly from?: Date | undefined;
  /** Not included. */
  readonly to?: Date | undefined;
}

export interface AuditEntry {
  /** In the order of writing; decimal digits. */
  readonly id: string;
  readonly at: Date;
  readonly event: AuditEventName;
  readonly outcome: 'success' | 'failure';
  readonly userId: string | null;
  readonly sessionId: string | null;
  /** The challenge, registration, delivery or client it is about. */
  readonly ref: string | null;
  readonly requestId: string | null;
  /** Its network only, after 90 days. */
  readonly address: string | null;
  /** Tells browsers apart. */
  readonly userAgentHash: string | null;
  /** What proved the person, of a sign-in or a step-up. */
  readonly amr: readonly string[] | null;
  /** Keyed digest of the number that a challenge was for, in hexadecimal, and its last two digits; for 30 days. */
  readonly phoneHmac: string | null;
  readonly phoneTail: string | null;
  readonly reason: string | null;
  readonly meta: Readonly<Record<string, unknown>> | null;
}

export interface AuditPage {
  readonly entries: readonly AuditEntry[];
  /** For the page behind this one, which may be there although this one is not full; null when there is none. */
  readonly nextCursor: string | null;
}
