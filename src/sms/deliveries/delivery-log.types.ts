// Hand-overs one by one, as an operator may see them: the number masked, no text, no code.
import type { DeliveryStatus } from './deliveries.types';

/** Fields that are absent do not filter. */
export interface DeliveryFilter {
  readonly provider?: string | undefined;
  /** ISO 3166 region. */
  readonly country?: string | undefined;
  readonly status?: DeliveryStatus | undefined;
  /** Id of a challenge or notice, as in the audit log's `ref`. */
  readonly referenceId?: string | undefined;
}

export interface DeliveryEntry {
  readonly id: string;
  /** `code`, `notice`, or the name of a notice in place of a code, such as `locked_notice`. */
  readonly source: string;
  readonly referenceId: string;
  /** 1 for the first message of its challenge, 2 for the first resend. */
  readonly send: number;
  /** Null: no vendor was called. */
  readonly provider: string | null;
  /** The vendor's id, to ask its support about. */
  readonly providerId: string | null;
  readonly destination: string;
  readonly country: string | null;
  readonly channel: string;
  readonly status: DeliveryStatus;
  readonly failureKind: string | null;
  /** The vendor's own code of the failure. */
  readonly vendorCode: string | null;
  readonly segments: number | null;
  /** Whether its code was entered; null while that is open, and for notices. */
  readonly converted: boolean | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export interface DeliveryPage {
  readonly entries: readonly DeliveryEntry[];
  /** For the page behind this one; null when there is none. */
  readonly nextCursor: string | null;
}
