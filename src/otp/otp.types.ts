// What the rest of the house may hold of a challenge. The code itself is never among it.
import type { Channel } from '../sms/contract/provider';

export type Purpose =
  'register' | 'login' | 'step_up' | 'reset' | 'phone_change' | 'email_change' | 'phone_verification';

/** By which the token of a challenge begins (protocol.md 2). */
export const challengeKinds: Readonly<Record<Purpose, string>> = {
  register: 'rg',
  login: 'lg',
  step_up: 'su',
  reset: 'rs',
  phone_change: 'pc',
  email_change: 'ec',
  phone_verification: 'pv',
};

export type { Channel };

/** How the code of a challenge travels. */
export type CodeChannel = Channel | 'email';

/** Purposes open to people who have proved nothing: their challenges coexist, and failures count per number (design section 2). */
export function isAnonymous(purpose: Purpose): boolean {
  return purpose === 'register' || purpose === 'reset' || purpose === 'phone_verification';
}

const STARTED_RESET = 'reset:started:';

/** Failures of resets that an operator starts for an account: their own, as nobody else holds the tokens of those. */
export function startedResetKey(subjectId: string): string {
  return `${STARTED_RESET}${subjectId}`;
}

export function isStartedReset({ budgetKey }: Pick<ChallengeState, 'budgetKey'>): boolean {
  return budgetKey?.startsWith(STARTED_RESET) === true;
}

/** What answers a challenge: the code that was sent, to a phone or by mail, a code of the person's authenticator app, a recovery code. */
export type Method = 'sms' | 'email' | 'totp' | 'recovery_code';

/** Where the tokens of a sign-in go: into the answer's body, or the refresh token into a cookie. */
export type TokenDelivery = 'body' | 'cookie';

/** A challenge token taken apart; trusted only because the digest covers the whole string (protocol.md 2). */
export interface ChallengeToken {
  readonly purpose: Purpose;
  readonly codeLength: number;
  readonly keyId: string;
  readonly digest: Buffer;
}

/** A challenge made up in memory, before the statement that stores it. */
export interface NewChallenge extends ChallengeToken {
  readonly id: string;
  readonly token: string;
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

/** The stored state of a challenge, as read. Rules decide on it together with now and configuration. */
export interface ChallengeState {
  readonly id: string;
  readonly purpose: Purpose;
  /** The account it belongs to, or the registration; for the otp module it has no meaning. */
  readonly subjectId: string;
  /** A stand-in that is no number where the code goes out by mail alone. */
  readonly phone: string;
  /** Where a code goes by mail; null for none. */
  readonly email: string | null;
  readonly channel: CodeChannel;
  readonly codeLength: number;
  readonly failed: number;
  readonly attemptsMax: number;
  readonly expiresAt: Date;
  readonly consumedAt: Date | null;
  readonly revokedAt: Date | null;
  readonly resendAt: Date | null;
  readonly sendsCount: number;
  readonly vendorEnded: boolean;
  /** The verification service that checks its codes; null while none does. */
  readonly verifier: string | null;
  /** That service has not told of which verification: codes sent before that one count no more. */
  readonly vendorUnconfirmed: boolean;
  /** False: nothing that depends on the number may show. */
  readonly phoneShown: boolean;
  /** Of an anonymous challenge: whose failures count together. It stands for the name that was typed, whoever has that. */
  readonly budgetKey: string | null;
  /** In order of preference. Without a send the first of them needs none. */
  readonly methods: readonly Method[];
  /** The method that answered it, unless it was the code that was sent. */
  readonly verifiedBy: Method | null;
}

/** A challenge with all that its messages are made of. */
export interface ChallengeToSend extends ChallengeState {
  readonly digest: Buffer;
  readonly keyId: string;
  readonly decoy: boolean;
  readonly locale: string | null;
  readonly purpose: Purpose;
  readonly vendorRef: string | null;
}

/** One whose codes go by message. */
export type ChallengeByMessage = ChallengeToSend & { readonly channel: Channel };

/** In place of a number that must not show: routes of no country in particular. */
export const ANY_NUMBER = '';

/** Where a challenge stands at the moment it was read. */
export interface ChallengeStanding extends ChallengeState {
  readonly phase: 'pending' | 'verified' | 'superseded' | 'locked' | 'expired';
  /** Seconds until the next send may be asked for; null when none is left. */
  readonly resendAfterSeconds: number | null;
  readonly expiresInSeconds: number;
}

/**
 * For whose challenge the presented code is right: `ANY` when it is the one derived from the token, numbers of TEST_PHONES when it is
 * theirs. No gate may look at it (protocol.md 1.8); `matches` of challenge-row.sql.ts does.
 */
export type RightFor = readonly string[];
export const ANY = '*';

/** What a verify statement needs to know about the code that was presented. */
export interface PresentedCode {
  readonly matched: RightFor;
  /** Whether it has the length of our own codes; a wrong length is 400 for those and is not counted. */
  readonly wellFormed: boolean;
}

/** A challenge whose code the vendor checks: the attempt is spent, now the vendor is asked (protocol.md 5). */
export interface SpentAttempt {
  readonly challengeId: string;
  readonly provider: string | null;
  readonly providerVerificationId: string | null;
  readonly decoy: boolean;
  readonly channel: Channel;
}
