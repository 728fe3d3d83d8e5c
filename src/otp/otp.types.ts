// What other modules may know of a challenge. The code itself is never part of it.
import type { Channel } from '../sms/contract/provider';

export type Purpose =
  'register' | 'login' | 'step_up' | 'reset' | 'phone_change' | 'email_change' | 'phone_verification';

/** With which the token of a challenge begins (protocol.md 2). */
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

/** Purposes of people who have proved nothing. Their challenges can exist side by side, and their failures count per number (design section 2). */
export function isAnonymous(purpose: Purpose): boolean {
  return purpose === 'register' || purpose === 'reset' || purpose === 'phone_verification';
}

const STARTED_RESET = 'reset:started:';

/** Key of the failures of resets that an operator has started for an account. They count apart, because nobody else has the tokens of those. */
export function startedResetKey(subjectId: string): string {
  return `${STARTED_RESET}${subjectId}`;
}

export function isStartedReset({ budgetKey }: Pick<ChallengeState, 'budgetKey'>): boolean {
  return budgetKey?.startsWith(STARTED_RESET) === true;
}

/**
 * Whether an operator has begun it: a reset (ADR 49), or a move to another number (ADR 50). Its token is with the person whom the operator has
 * looked at.
 */
export function isByOperator(challenge: Pick<ChallengeState, 'purpose' | 'sessionId' | 'budgetKey'>): boolean {
  return isStartedReset(challenge) || (challenge.purpose === 'phone_change' && challenge.sessionId === null);
}

/**
 * Whether a message may draw on the sends that are kept of its number when the others are used up: those of what an operator has begun, and the first
 * of a login or step-up. What strangers have used up must not keep the owner out (A65, ADR 49).
 * @param before sends of the challenge before this one; a message that another vendor sends again is the same send
 */
export function mayUseReserve(
  challenge: Pick<ChallengeState, 'purpose' | 'sessionId' | 'budgetKey'>,
  before: number,
): boolean {
  const { purpose } = challenge;
  return isByOperator(challenge) || ((purpose === 'login' || purpose === 'step_up') && before === 0);
}

/** Key of the counter of LIMIT_SMS_ACCOUNT. A reset empties it (password-reset.sql.ts). */
export function accountMessagesKey(accountId: string): string {
  return `sms:account:${accountId}`;
}

/** What answers a challenge: the code that was sent to a phone or by mail, a code of the person's authenticator app, or a recovery code. */
export type Method = 'sms' | 'email' | 'totp' | 'recovery_code';

/** Where the tokens of a sign-in go: into the answer's body, or the refresh token into a cookie. */
export type TokenDelivery = 'body' | 'cookie';

/** The parts of a challenge token. They can be trusted once the digest was found, which covers the whole text (protocol.md 2). */
export interface ChallengeToken {
  readonly purpose: Purpose;
  readonly codeLength: number;
  readonly keyId: string;
  readonly digest: Buffer;
}

/** A challenge that a statement has still to store. */
export interface NewChallenge extends ChallengeToken {
  readonly id: string;
  readonly token: string;
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

/** The stored state of a challenge, as it was read. Rules judge it together with the time and the configuration. */
export interface ChallengeState {
  readonly id: string;
  readonly purpose: Purpose;
  /** The account or registration that it belongs to, which has no meaning in this module. */
  readonly subjectId: string;
  /** When the code goes out by mail only: a text that stands in for a number. */
  readonly phone: string;
  /** The address of a mailed code; null when none is mailed. */
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
  /** That service has not told its id of the verification yet. Codes that were sent before that verification no longer count. */
  readonly vendorUnconfirmed: boolean;
  /** False: nothing that depends on the number may show. */
  readonly phoneShown: boolean;
  /** For an anonymous challenge: the key of its failure budget. It depends on the name that was typed, whoever has that name. */
  readonly budgetKey: string | null;
  /** The session that a step-up renews, or that asked for a change of number or address; null for the rest. */
  readonly sessionId: string | null;
  /** The preferred one first. A challenge without a send has a first method that needs none. */
  readonly methods: readonly Method[];
  /** The method that answered it; null for the code that was sent. */
  readonly verifiedBy: Method | null;
}

/** A challenge with everything that its messages are made of. */
export interface ChallengeToSend extends ChallengeState {
  readonly digest: Buffer;
  readonly keyId: string;
  readonly decoy: boolean;
  readonly locale: string | null;
  /** Language of the number's owner, where a stranger has tried to register it; null for none, and everywhere else. */
  readonly toldLocale: string | null;
  readonly purpose: Purpose;
  readonly vendorRef: string | null;
}

/** A challenge whose codes go by message. */
export type ChallengeByMessage = ChallengeToSend & { readonly channel: Channel };

/** Takes the place of a number that must not show: its routes are those of no particular country. */
export const ANY_NUMBER = '';

/** A challenge, and how it stood at the moment it was read. */
export interface ChallengeStanding extends ChallengeState {
  readonly phase: 'pending' | 'verified' | 'superseded' | 'locked' | 'expired';
  /** Seconds until the next send may be asked for; null when none is left. */
  readonly resendAfterSeconds: number | null;
  readonly expiresInSeconds: number;
}

/**
 * The numbers of whose challenges the presented code is right: `ANY` when it is the one derived from the token, numbers of TEST_PHONES when it is
 * theirs. No gate may read it (protocol.md 1.8); `matches` of challenge-row.sql.ts does.
 */
export type RightFor = readonly string[];
export const ANY = '*';

/** What a verify statement needs to know about the code that was presented. */
export interface JudgedCode {
  readonly matched: RightFor;
  /** Whether it has the length of our own codes. Another length is answered with 400 and not counted. */
  readonly wellFormed: boolean;
}

/** A challenge whose code a vendor checks, after the attempt was spent and before the vendor is asked (protocol.md 5). */
export interface SpentAttempt {
  readonly challengeId: string;
  readonly provider: string | null;
  readonly providerVerificationId: string | null;
  readonly decoy: boolean;
  readonly channel: Channel;
}
