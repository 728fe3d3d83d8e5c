// What the state of a challenge means for the person. Pure. Used by status and resend, and to say why a code was not looked at.
import type { PlannedSend } from '../limits/spending.types';
import { secondsUntil } from '../platform/time/seconds';
import type { VerifierState } from '../sms/contract/message-source';
import type { ChallengeStanding, ChallengeState, ChallengeToSend, Purpose } from './otp.types';

type Counted = Pick<ChallengeState, 'phone' | 'phoneShown' | 'budgetKey'>;

export function phaseOf(state: ChallengeState, now: Date): ChallengeStanding['phase'] {
  if (state.consumedAt !== null) return 'verified';
  if (state.revokedAt !== null) return 'superseded';
  if (state.expiresAt <= now) return 'expired';
  return state.failed >= state.attemptsMax ? 'locked' : 'pending';
}

/** Seconds until the next send may be asked for, rounded up; null when no send is left. */
export function resendAfterSeconds({ resendAt }: Pick<ChallengeState, 'resendAt'>, now: Date): number | null {
  return resendAt === null ? null : secondsUntil(resendAt, now);
}

/**
 * Whether a person whose message failed may ask again at once. For a reset nothing is told about its messages, because a decoy has none that could
 * fail (A55, ADR 55).
 */
export function failureReopensResend({ purpose }: Pick<ChallengeState, 'purpose'>): boolean {
  return purpose !== 'reset';
}

/**
 * The key under which the messages of a challenge are counted and take turns. It is the number; but for somebody who typed an e-mail
 * address it is that address, whether anybody has it or not. Otherwise a stranger who knows a number and an address could see by the
 * counters that they belong to one account (A55).
 */
export function countedBy({ phone, phoneShown, budgetKey }: Counted): string {
  return phoneShown ? phone : (budgetKey ?? phone);
}

/** Who checks the codes of a challenge now. */
export function verifierOf({ verifier, vendorRef }: Pick<ChallengeToSend, 'verifier' | 'vendorRef'>): VerifierState {
  return { provider: verifier, verificationId: vendorRef };
}

/**
 * Which budgets a message draws on (security.md 5.4). What an operator has begun draws on the share of logins, whose people are known, and is
 * counted for no country: what strangers use up of the rest must not keep somebody from the last way in.
 */
export function plannedSend(purpose: Purpose, phone: string, address: string | null, byOperator = false): PlannedSend {
  if (byOperator) return { share: 'login', phone, unproved: false, address };
  return sendAskedFor(purpose, phone, address);
}

/**
 * A login or step-up goes to a number that its account has proved, and draws on its share only. A registration or phone change is for a number
 * that nobody has proved; for the latter a stranger first needs an account, and so a number of their own. A client app is responsible for its
 * callers, so no address is counted for a phone verification. A reset goes to a proved number, and that of a decoy to nobody, so it is not
 * counted for its country.
 */
function sendAskedFor(purpose: Purpose, phone: string, address: string | null): PlannedSend {
  switch (purpose) {
    case 'register':
      return { share: 'register', phone, unproved: true, address: address ?? '' };
    case 'phone_verification':
      return { share: 'register', phone, unproved: true, address: null };
    case 'phone_change':
      return { share: 'register', phone, unproved: true, address };
    case 'reset':
      return { share: 'reset', phone, unproved: false, address: address ?? '' };
    case 'login':
    case 'step_up':
      return { share: 'login', phone, unproved: false, address: null };
    case 'email_change':
      throw new Error('a mail costs no message');
  }
}
