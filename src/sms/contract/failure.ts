// What went wrong at a vendor, in our words. The table for the codes of a vendor is its *.failures.ts.

import type { OutboundFailureKind } from '../../platform/http/outbound-http';

export type ProviderFailureKind =
  | 'invalid_number'
  | 'unsupported_destination'
  | 'blocked'
  /** The number has told this sender to stop. Another sender may still reach it. */
  | 'opted_out'
  | 'throttled'
  | 'out_of_credit'
  | 'bad_credentials'
  | 'misconfigured'
  /** The vendor has had our reference before. Only of a vendor that keeps it: elsewhere a 409 says nothing of the kind. */
  | 'duplicate'
  | 'unavailable'
  | 'unknown';

export interface ProviderFailure {
  readonly kind: ProviderFailureKind;
  /** maybe-sent: after the request had left, no answer came or none that we could read. Such a message must not simply be sent again (F13). */
  readonly certainty: 'not-sent' | 'maybe-sent';
  /** On the way the vendor has ended the verification that ran for the number: its code is not good again, although nothing was sent. */
  readonly endedFormer?: true;
  /** How long the vendor asks us to wait before the next try. */
  readonly retryAfterSeconds?: number;
  readonly httpStatus?: number;
  /** The vendor's own code as text, for logs and operators. Never the vendor's message: it may echo a number or a code. */
  readonly vendorCode?: string;
  /** Why no answer came; only when none came. */
  readonly transport?: OutboundFailureKind;
}

export type ProviderResult<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: ProviderFailure };
