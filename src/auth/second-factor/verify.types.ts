import type { Channel, Method, RightFor, TokenDelivery } from '../../otp/otp.types';
import type { UserAccount } from '../../users/users.types';
import type { ProofParameters } from './method';
import type { SessionParameters } from '../sessions/sessions.sql';

/** Ids for what a change of the number is told to the old one and the new one. */
export interface PhoneNotices {
  readonly oldNoticeId: string;
  readonly newNoticeId: string;
}

/** What was presented beside the code of a reset: judged, but nothing is done about it unless the code is right (A55, A71). */
export interface JudgedBesides extends ProofParameters {
  /** The methods of it. */
  readonly given: readonly Method[];
  /** The code that was mailed beside the one by message: whether there is one, and whether it is right. */
  readonly emailGiven: boolean;
  readonly emailMatched: boolean;
}

/**
 * What any verify statement may bind; each takes of it what its text names. All of it is made whatever the match, so that a right and a
 * wrong code cost the same (protocol.md 1.8).
 */
export interface VerifyParameters extends SessionParameters, PhoneNotices, JudgedBesides {
  /** ISO 8601 with random microseconds: it names this attempt among the account's failures (protocol.md 5). */
  readonly now: string;
  readonly tokenDigest: Buffer;
  readonly purpose: string;
  readonly keyId: string;
  readonly matched: RightFor;
  readonly wellFormed: boolean;
  /** Whether the page that asks may be given the refresh cookie; of no consequence for tokens in the body. */
  readonly cookieWelcome: boolean;
  readonly requestId: string | null;
  readonly address: string | null;
  /** Of the notice that a recovery code gives rise to. */
  readonly noticeId: string;
  /** Of the account that a registration makes. */
  readonly userId: string;
}

/** The same of the statements that follow when a vendor has approved the code (protocol.md 5). */
export interface ConfirmParameters extends SessionParameters, PhoneNotices, JudgedBesides {
  readonly challengeId: string;
  readonly providerVerificationId: string;
  /** The instant of the attempt that was spent. */
  readonly spentAt: string;
  readonly now: string;
  readonly wellFormed: boolean;
  readonly requestId: string | null;
  readonly address: string | null;
  readonly noticeId: string;
  readonly userId: string;
}

/**
 * dead: consumed, expired, superseded or out of attempts; locked: the account's or number's failures are spent;
 * malformed: not the length of our codes, not counted; spent: counted, the vendor decides; conflict: the number is taken; uninvited: the invitation is used up or revoked by now;
 * not_offered: the challenge does not take this method, nothing was looked at;
 * missing: the right code, and the account needs a second factor as well; closed: one was given, and the account's failures are spent.
 * Neither has counted or used up anything;
 * foreign: the refresh cookie was asked for by a stranger's page, nothing was looked at; ended: the session to renew has ended.
 */
export type VerifyOutcome =
  | 'ok'
  | 'wrong'
  | 'spent'
  | 'dead'
  | 'locked'
  | 'malformed'
  | 'not_offered'
  | 'conflict'
  | 'uninvited'
  | 'missing'
  | 'closed'
  | 'foreign'
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
