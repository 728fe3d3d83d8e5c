// The move of an account to a new number, as operators see it.
import type { ChallengeResponse } from '../../otp/challenge-response.types';

/**
 * needs_approval: a second operator must approve it. needs_code: the new number is not proved yet. waiting: it is, and the account moves at movesAt.
 * stopped: somebody has signed in to the account, or its credentials have changed. taken: another account has the number now.
 */
export type PhoneRebindState =
  'needs_approval' | 'needs_code' | 'waiting' | 'moved' | 'stopped' | 'taken' | 'cancelled' | 'expired';

export interface PhoneRebind {
  readonly id: string;
  readonly userId: string;
  readonly phone: string;
  readonly state: PhoneRebindState;
  readonly reason: string;
  readonly requestedBy: string;
  readonly requestedAt: Date;
  readonly approvedBy: string | null;
  readonly startedAt: Date | null;
  readonly movesAt: Date | null;
  readonly endedAt: Date | null;
}

export interface BegunPhoneRebind {
  readonly rebind: PhoneRebind;
  /** For the person's app; only when a code has just been sent. */
  readonly challenge: ChallengeResponse | null;
}
