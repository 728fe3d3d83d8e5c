// What a failed hand-over means for the next vendor, for the health of this one, and for another try: pure (security.md F02, F06, F07,
// F13). A number that is wrong or unwanted is so at every vendor. What certainly was not sent may go to another vendor at once. What may
// have been sent waits, and then goes only to a vendor that carries the same code.
import type { ProviderFailure, ProviderFailureKind } from '../contract/failure';

export type NextVendor = 'never' | 'at_once' | 'same_code_later';

const HTTP_SERVICE_UNAVAILABLE = 503;
const LONGEST_WAIT_SECONDS = 5;

const numbersOwn: readonly ProviderFailureKind[] = ['invalid_number', 'unsupported_destination', 'blocked'];
const hopeless: readonly ProviderFailureKind[] = ['bad_credentials', 'out_of_credit'];
const passing: readonly ProviderFailureKind[] = ['unavailable', 'throttled'];

export function isNumbersOwn(kind: string | null): boolean {
  return (numbersOwn as readonly (string | null)[]).includes(kind);
}

/** @param serviceCode the vendor makes the code. The next vendor would send a different one, while the first may be on the phone already */
export function nextVendor(failure: ProviderFailure, serviceCode: boolean): NextVendor {
  if (isNumbersOwn(failure.kind)) return 'never';
  if (wasNotSent(failure)) return 'at_once';
  return serviceCode ? 'never' : 'same_code_later';
}

/** Whether the same vendor may be tried once more when no other is left (F02). Not if it asks for a longer wait than a person would sit through. */
export function mayTryAgain(failure: ProviderFailure): boolean {
  const { kind, retryAfterSeconds = 0 } = failure;
  return wasNotSent(failure) && passing.includes(kind) && retryAfterSeconds <= LONGEST_WAIT_SECONDS;
}

/**
 * `down`: a fault of the vendor. `refuses_us`: a key or an account that somebody must repair; all further calls would fail in the same
 * way. `works`: it answered as documented, even if it throttled, which may concern only one number, or has had the message before.
 */
export function healthAfter(failure: ProviderFailure): 'works' | 'down' | 'refuses_us' {
  if (hopeless.includes(failure.kind)) return 'refuses_us';
  if (failure.kind === 'duplicate') return 'works';
  return failure.kind === 'unavailable' || failure.certainty === 'maybe-sent' ? 'down' : 'works';
}

// A 503 says that the request was not handled (RFC 9110 15.6.4). Any other 5xx may come after the message was sent.
export function wasNotSent({ certainty, httpStatus }: ProviderFailure): boolean {
  return certainty === 'not-sent' || httpStatus === HTTP_SERVICE_UNAVAILABLE;
}
