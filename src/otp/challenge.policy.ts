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
 * Whether somebody whose message failed may ask again at once. Of a reset nobody is told what became of its messages: a decoy has none
 * that could fail (A55, ADR 55).
 */
export function failureReopensResend({ purpose }: Pick<ChallengeState, 'purpose'>): boolean {
  return purpose !== 'reset';
}

/**
 * The key under which the messages of a challenge are counted and take turns. It is the number; but when somebody has typed an e-mail
 * address instead, it is that address, whether or not anybody has it. Otherwise whoever knows a number and an e-mail address could see by the
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
 * Who pays for a code (security.md 5.4). Numbers proved on an account draw on the share of their purpose alone; a number that somebody
 * wants for theirs is nobody's yet, and an account that asks for it costs a stranger one number. A client app's backend answers for its own
 * callers. A reset goes to proved numbers only, a decoy's to nobody, so neither is held against its country.
 */
export function plannedSend(purpose: Purpose, phone: string, address: string | null): PlannedSend {
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
