// What proves the second factor of an account whose number went to somebody else (A98, security.md 5.11, ADR 61): pure. The app or recovery codes if
// the account has any. Only if it has neither, a code by mail: who has chosen more than a mailbox must not be reduced to it.
import type { Method } from '../../otp/otp.types';
import { secondFactorsOf, type SecondFactors } from '../../users/users.types';

export interface Phoneless extends Omit<SecondFactors, 'phone'> {
  /** The proved address. */
  readonly email: string | null;
}

/** @param mails whether mail can be sent. @returns none when only an operator can help */
export function phonelessMethods({ email, ...factors }: Phoneless, mails: boolean): Method[] {
  const own = secondFactorsOf({ ...factors, phone: null });
  if (own.length > 0) return own;
  return mails && email !== null ? ['email'] : [];
}
