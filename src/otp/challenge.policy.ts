// What a challenge's state means for the person: pure rules on (state, now). Called by status, resend and the explanation of
// a verify that hit nothing.
import type { ChallengeStanding, ChallengeState } from './otp.types';

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

/** Whole seconds from now to an instant, at least 0. */
export function secondsUntil(instant: Date, now: Date): number {
  return Math.max(0, Math.ceil((instant.getTime() - now.getTime()) / 1000));
}
