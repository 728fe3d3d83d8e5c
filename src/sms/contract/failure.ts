// What went wrong at a vendor, in our words. The table of each vendor's codes is its *.failures.ts.

import type { OutboundFailureKind } from '../../platform/http/outbound-http';

export type ProviderFailureKind =
  | 'invalid_number'
  | 'unsupported_destination'
  | 'blocked'
  /** The number has told this sender to stop: another sender may still reach it. */
  | 'opted_out'
  | 'throttled'
  | 'out_of_credit'
  | 'bad_credentials'
  | 'misconfigured'
  | 'duplicate'
  | 'unavailable'
  | 'unknown';

export interface ProviderFailure {
  readonly kind: ProviderFailureKind;
  /** maybe-sent: a timeout or an answer we could not read after the request had left; never sent again blindly (F13). */
  readonly certainty: 'not-sent' | 'maybe-sent';
  readonly retryAfterSeconds?: number;
  readonly httpStatus?: number;
  /** The vendor's own code as text, for logs and operators. Never the vendor's message: it may echo a number or a code. */
  readonly vendorCode?: string;
  /** Why no answer came, when none came. */
  readonly transport?: OutboundFailureKind;
}

export type ProviderResult<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: ProviderFailure };
