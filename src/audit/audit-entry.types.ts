// The audit log as operators read it.
import type { AuditEventName } from './audit.types';

/** Which entries are wanted. A field that is absent does not filter. */
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
  /** Id of what the event is about, such as a challenge, notice or client app. For `authz_fail` it is the id that the person has typed. */
  readonly ref: string | null;
  readonly requestId: string | null;
  /** The address of the client; after 90 days only its network. */
  readonly address: string | null;
  /** A digest that tells browsers apart. */
  readonly userAgentHash: string | null;
  /** The methods that proved the person, for a sign-in or step-up. */
  readonly amr: readonly string[] | null;
  /** A keyed digest, in hexadecimal, of the number that a challenge was for. It is kept for 30 days. */
  readonly phoneHmac: string | null;
  /** The last two digits of that number, kept for 30 days too. */
  readonly phoneTail: string | null;
  readonly reason: string | null;
  readonly meta: Readonly<Record<string, unknown>> | null;
}

export interface AuditPage {
  readonly entries: readonly AuditEntry[];
  /** For the next page. There may be one even if this page is not full. Null: there is none. */
  readonly nextCursor: string | null;
}
