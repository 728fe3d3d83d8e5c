import type { Channel, ChallengeToken, Method, RightFor, TokenDelivery } from '../../otp/otp.types';
import type { UserAccount } from '../../users/users.types';
import type { ProofParameters } from './method';
import type { SessionParameters } from '../sessions/sessions.sql';
import type { NewSession } from './session-maker.service';

export interface PresentedAnswer {
  readonly challenge: ChallengeToken;
  readonly code: string;
  /** What the code is of. */
  readonly method: Method;
  /** The session that the right code may make. */
  readonly session: NewSession;
  /** Whether the page that asks may be given the refresh cookie. */
  readonly cookieWelcome: boolean;
  /** Absent but for a reset. */
  readonly furtherCodes?: FurtherCodes;
}

/** Codes of other methods, for an account that needs one as well. A further one is a line of PasswordResetRequest and a WHEN of verify-reset.sql.ts. */
export type FurtherCodes = Readonly<Partial<Record<Method, string>>>;

/** Codes given beside the one of a reset: judged, but nothing is done about them unless that one is right (A55, A71). */
export interface JudgedFurtherCodes extends ProofParameters {
  /** Their methods. */
  readonly given: readonly Method[];
  /** The code that was mailed beside the one by message: whether there is one, and whether it is right. */
  readonly emailGiven: boolean;
  readonly emailMatched: boolean;
}

/** What is made for an answer before it is judged: whose request it is, and ids for what a right code may make. */
export interface AnswerFacts {
  readonly requestId: string | null;
  readonly address: string | null;
  /** Of the account that a registration makes. */
  readonly userId: string;
  /** Of the notice about a recovery code, and of those to the number or address before a change and to the new one. */
  readonly noticeId: string;
  readonly oldNoticeId: string;
  readonly newNoticeId: string;
}

/** What both the statement that judges a code and the one that confirms a vendor's yes may bind. */
interface SharedParameters extends SessionParameters, AnswerFacts, JudgedFurtherCodes {
  /** ISO 8601 with random microseconds: it names this attempt among the account's failures (protocol.md 5). */
  readonly now: string;
  readonly wellFormed: boolean;
}

/**
 * What any verify statement may bind; each takes the parameters that its text names. All of them are made whatever the match, so that a
 * right and a wrong code cost the same (protocol.md 1.8).
 */
export interface VerifyParameters extends SharedParameters {
  readonly tokenDigest: Buffer;
  readonly purpose: string;
  readonly keyId: string;
  readonly matched: RightFor;
  /** Whether the page that asks may be given the refresh cookie; of no consequence for tokens in the body. */
  readonly cookieWelcome: boolean;
}

/** The same of the statements that follow when a vendor has approved the code (protocol.md 5). */
export interface ConfirmParameters extends SharedParameters {
  readonly challengeId: string;
  readonly providerVerificationId: string;
  /** The instant of the attempt that was spent. */
  readonly spentAt: string;
}

export type VerifyOutcome =
  | 'ok'
  | 'wrong'
  /** Counted as wrong; now a vendor decides. */
  | 'spent'
  /** The challenge is consumed, expired, superseded or out of attempts. */
  | 'dead'
  /** The failures of the account, or of the number, are spent. */
  | 'locked'
  /** Not the length of our codes; not counted. */
  | 'malformed'
  /** The challenge does not take this method; no code was looked at. */
  | 'not_offered'
  /** The right code, and the number or address is taken. */
  | 'conflict'
  /** The right code, and the invitation is used up or revoked by now. */
  | 'uninvited'
  /** The right code, and the account needs a second factor as well; nothing was counted or used up. */
  | 'missing'
  /** The same, a second factor was given, and the account's failures are spent. */
  | 'closed'
  /** A stranger's page asked for the refresh cookie; no code was looked at. */
  | 'foreign'
  /** The right code, and the session to renew has ended. */
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
  /** The session that was made or renewed; a registration's is the one that was prepared. */
  readonly sessionId?: string | null;
  /** Of a reset with its right code: one of these is needed as well; empty when none is. */
  readonly methodsNeeded?: readonly Method[];
  /** Of a reset: no second factor was needed. */
  readonly byCodeAlone?: boolean;
  /** Sessions of the person that lived before this one. */
  readonly otherSessions: number | null;
}
