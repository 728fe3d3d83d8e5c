// What proves the second factor of an account whose number went to somebody else (A98, security.md 5.11, ADR 61): pure. An app or
// recovery codes where it has them; a code by mail only where it has neither, so that a mailbox is never enough where more was chosen.
import type { Method } from '../../otp/otp.types';
import { secondFactorsOf, type SecondFactors } from '../../users/users.types';

export interface Phoneless extends Omit<SecondFactors, 'phone'> {
  /** The proved address. */
  readonly email: string | null;
}

/** @param mails whether mail can be sent. @returns none when nothing is left: only an operator helps then */
export function phonelessMethods({ email, ...factors }: Phoneless, mails: boolean): Method[] {
  const own = secondFactorsOf({ ...factors, phone: null });
  if (own.length > 0) return own;
  return mails && email !== null ? ['email'] : [];
}
