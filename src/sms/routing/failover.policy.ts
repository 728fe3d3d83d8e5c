// What a failed hand-over means for the next vendor, for the vendor's health and for a second try: pure (security.md F02, F06,
// F07, F13). A number that is wrong or unwanted is so at every vendor; what certainly was not sent may go elsewhere at once; what
// may have been sent waits, and only for a vendor that carries the same code.
import type { ProviderFailure, ProviderFailureKind } from '../contract/failure';

export type NextVendor = 'never' | 'at_once' | 'same_code_later';

const HTTP_SERVICE_UNAVAILABLE = 503;

const numbersOwn: readonly ProviderFailureKind[] = ['invalid_number', 'unsupported_destination', 'blocked'];
const hopeless: readonly ProviderFailureKind[] = ['bad_credentials', 'out_of_credit'];
const passing: readonly ProviderFailureKind[] = ['unavailable', 'throttled'];

export function isNumbersOwn(kind: string | null): boolean {
  return (numbersOwn as readonly (string | null)[]).includes(kind);
}

/** @param serviceCode the vendor makes the code: another one would send a different code while the first may be on the phone */
export function nextVendor(failure: ProviderFailure, serviceCode: boolean): NextVendor {
  if (isNumbersOwn(failure.kind)) return 'never';
  if (wasNotSent(failure)) return 'at_once';
  return serviceCode ? 'never' : 'same_code_later';
}

/** With no other vendor left: once more at the same one? */
export function mayTryAgain(failure: ProviderFailure): boolean {
  return failure.certainty === 'not-sent' && passing.includes(failure.kind);
}

/**
 * `down`: the vendor's fault. `closed_to_us`: a key or an account that somebody has to repair; every further call would fail the
 * same way. `works`: it answered as documented, a throttle included, which may concern one number only.
 */
export function healthAfter(failure: ProviderFailure): 'works' | 'down' | 'closed_to_us' {
  if (hopeless.includes(failure.kind)) return 'closed_to_us';
  return failure.kind === 'unavailable' || failure.certainty === 'maybe-sent' ? 'down' : 'works';
}

// A 503 says that the request was not handled (RFC 9110 15.6.4); any other 5xx may come after the message left the vendor.
export function wasNotSent({ certainty, httpStatus }: ProviderFailure): boolean {
  return certainty === 'not-sent' || httpStatus === HTTP_SERVICE_UNAVAILABLE;
}
