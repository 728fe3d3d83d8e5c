// Which failure moves on, which waits, which ends the send, and which one is the vendor's (security.md F02, F04, F06, F13).
import type { ProviderFailure, ProviderFailureKind } from '../contract/failure';
import { healthAfter, mayTryAgain, nextVendor } from './failover.policy';

const notSent = (kind: ProviderFailureKind): ProviderFailure => ({ kind, certainty: 'not-sent' });
const maybeSent = (kind: ProviderFailureKind): ProviderFailure => ({ kind, certainty: 'maybe-sent' });
const answered = (httpStatus: number): ProviderFailure => ({ ...maybeSent('unavailable'), httpStatus });

describe('after a failed hand-over', () => {
  it.each(['invalid_number', 'unsupported_destination', 'blocked'] as const)(
    '%s: no other vendor is bothered with the number, and the vendor is in good health',
    (kind) => {
      for (const failure of [notSent(kind), maybeSent(kind)]) {
        expect(nextVendor(failure, false)).toBe('never');
        expect(nextVendor(failure, true)).toBe('never');
      }
      expect(healthAfter(notSent(kind))).toBe('works');
    },
  );

  it.each([
    'throttled',
    'out_of_credit',
    'bad_credentials',
    'misconfigured',
    'duplicate',
    'unavailable',
    'unknown',
  ] as const)('F02: %s that certainly sent nothing goes to the next vendor at once, whoever makes the code', (kind) => {
    expect(nextVendor(notSent(kind), false)).toBe('at_once');
    expect(nextVendor(notSent(kind), true)).toBe('at_once');
  });

  it.each([
    ['a timeout or a reset', maybeSent('unavailable')],
    ['an answer nobody can read (F04)', maybeSent('unknown')],
    ['a 500', answered(500)],
    ['a 502', answered(502)],
    ['a 504', answered(504)],
  ])('F13: after %s the same code may follow later; a code of another service may not', (_, failure) => {
    expect(nextVendor(failure, false)).toBe('same_code_later');
    expect(nextVendor(failure, true)).toBe('never');
    expect(healthAfter(failure)).toBe('down');
    expect(mayTryAgain(failure)).toBe(false);
  });

  it('F02: a 503 says that nothing was done (RFC 9110): the next vendor is called at once, and without one the same again', () => {
    expect(nextVendor(answered(503), false)).toBe('at_once');
    expect(nextVendor(answered(503), true)).toBe('at_once');
    expect(mayTryAgain(answered(503))).toBe(true);
    expect(healthAfter(answered(503))).toBe('down');
  });

  it.each(['out_of_credit', 'bad_credentials'] as const)(
    'F02: %s closes the vendor and is never tried again',
    (kind) => {
      expect(healthAfter(notSent(kind))).toBe('refuses_us');
      expect(mayTryAgain(notSent(kind))).toBe(false);
    },
  );

  it('a throttle may concern one number only: it is tried again where no vendor is left, and is no fault of the vendor', () => {
    expect(mayTryAgain(notSent('throttled'))).toBe(true);
    expect(healthAfter(notSent('throttled'))).toBe('works');
  });

  it.each(['throttled', 'unavailable'] as const)(
    'F02: %s, with a wait that the vendor asks for: up to 5 s are waited',
    (kind) => {
      const asking = (retryAfterSeconds: number) => ({ ...notSent(kind), retryAfterSeconds });
      expect(mayTryAgain(asking(5))).toBe(true);
      expect(mayTryAgain(asking(6))).toBe(false);
    },
  );

  it('F13: a vendor that has had the message before is in good health', () => {
    expect(healthAfter(maybeSent('duplicate'))).toBe('works');
  });

  it('F06: a connection that was refused is the vendor’s fault, and safe to repeat', () => {
    expect(healthAfter(notSent('unavailable'))).toBe('down');
    expect(mayTryAgain(notSent('unavailable'))).toBe(true);
  });

  it.each(['misconfigured', 'duplicate', 'unknown'] as const)('%s is not repeated at the same vendor', (kind) => {
    expect(mayTryAgain(notSent(kind))).toBe(false);
    expect(healthAfter(notSent(kind))).toBe('works');
  });
});
