import type { Channel, ChallengeToken, Method, RightFor, TokenDelivery } from '../../otp/otp.types';
import type { UserAccount } from '../../users/users.types';
import type { ProofParameters } from './method';
import type { SessionParameters } from '../sessions/sessions.sql';
import type { NewSession } from './session-maker.service';

export interface PresentedAnswer {
  readonly challenge: ChallengeToken;
  readonly code: string;
  /** The method that the code belongs to. */
  readonly method: Method;
  /** The session that a right code may make. */
  readonly session: NewSession;
  /** Whether the page that sent it may get the refresh cookie. */
  readonly cookieWelcome: boolean;
  /** Only a reset has them. */
  readonly furtherCodes?: FurtherCodes;
}

/**
 * Codes of other methods, by method, for an account that needs a second factor as well. To allow another method, add a field to
 * PasswordResetRequest and a WHEN to verify-reset.sql.ts.
 */
export type FurtherCodes = Readonly<Partial<Record<Method, string>>>;

/** The further codes of a reset, judged. They have an effect only if the code of the reset is right (A55, A71). */
export interface JudgedFurtherCodes extends ProofParameters {
  /** The methods of the codes that were given, except `email`. */
  readonly given: readonly Method[];
  /** Whether a mailed code was given, and whether it is right. */
  readonly emailGiven: boolean;
  readonly emailMatched: boolean;
}

/** Made for each answer before it is judged: the facts of the request, and ids for what a right code may make. */
export interface AnswerFacts {
  readonly requestId: string | null;
  readonly address: string | null;
  /** PHONE_IDLE_DAYS. */
  readonly idleDays: number;
  /** Id of the account that a registration makes. */
  readonly userId: string;
  /** Ids of notices: about a recovery code; to the former number or address; to the new one. */
  readonly noticeId: string;
  readonly oldNoticeId: string;
  readonly newNoticeId: string;
}

/** Parameters of both the statement that judges a code and the one that confirms a vendor's yes. */
interface SharedParameters extends SessionParameters, AnswerFacts, JudgedFurtherCodes {
  /** ISO 8601 with random microseconds, by which this attempt can be told from all others (protocol.md 5). */
  readonly now: string;
  readonly wellFormed: boolean;
}

/**
 * All parameters of verify statements; each statement binds those that its text names. All are made whether the code matches or not, so
 * that right and wrong codes cost the same (protocol.md 1.8).
 */
export interface VerifyParameters extends SharedParameters {
  readonly tokenDigest: Buffer;
  readonly purpose: string;
  readonly keyId: string;
  readonly matched: RightFor;
  /** Whether the page that sent it may get the refresh cookie. Without effect on tokens in the body. */
  readonly cookieWelcome: boolean;
}

/** All parameters of the statements that confirm a vendor's yes (protocol.md 5). */
export interface ConfirmParameters extends SharedParameters {
  readonly challengeId: string;
  readonly providerVerificationId: string;
  /** The instant of the attempt that was spent before the vendor was asked. */
  readonly spentAt: string;
}

export type VerifyOutcome =
  | 'ok'
  | 'wrong'
  /** Counted as wrong for now; a vendor decides. */
  | 'spent'
  /** The challenge is consumed, expired, superseded or out of attempts. */
  | 'dead'
  /** The second factor of the account is locked, or the number's failure budget is used up. */
  | 'locked'
  /** The text has not the length of our codes; not counted. */
  | 'malformed'
  /** The challenge does not take this method; no code was looked at. */
  | 'not_offered'
  /** The code is right, but another account has the number or address. */
  | 'conflict'
  /** The code is right, but the invitation is used up or revoked by now. */
  | 'uninvited'
  /** The code is right, but the account needs a second factor as well; nothing was counted or used up. */
  | 'missing'
  /** As `missing`, and a further code was given, but the account's second factor is locked; nothing was looked at. */
  | 'further_locked'
  /** The page of a stranger asked for the refresh cookie; no code was looked at. */
  | 'foreign'
  /** The code is right, but the session that asked for it has ended. */
  | 'ended';

export interface VerifyRow extends UserAccount {
  readonly outcome: VerifyOutcome;
  readonly challengeId: string;
  readonly attemptsLeft: number;
  readonly provider: string | null;
  readonly providerVerificationId: string | null;
  readonly decoy: boolean;
  readonly channel: Channel;
  readonly clientId: string;
  readonly tokenDelivery: TokenDelivery;
  /** The session that was made or renewed; absent for a registration, whose session is the prepared one. */
  readonly sessionId?: string | null;
  /** For a reset with the right code: one of these methods is needed as well; empty when none is. */
  readonly methodsNeeded?: readonly Method[];
  /** For a reset: no second factor was needed. */
  readonly byCodeAlone?: boolean;
  /** How many sessions of the person lived before this one; null when that is not certain. */
  readonly otherSessions: number | null;
}
