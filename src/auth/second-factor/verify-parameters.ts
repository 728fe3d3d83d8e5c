// The parameters of a verify statement, out of what was prepared for it. Written out one by one: V8 keeps an object of three spreads as a
// dictionary, which made binding these dearer than anything else of ours in a sign-in (ADR 70).
import type { ChallengeToken, RightFor } from '../../otp/otp.types';
import type { ProofParameters } from './method';
import type { NewSession } from './session-maker.service';
import type { JudgedBesides, PhoneNotices, VerifyParameters } from './verify.types';

interface Prepared {
  readonly challenge: ChallengeToken;
  readonly session: NewSession;
  readonly matched: RightFor;
  readonly wellFormed: boolean;
  readonly cookieWelcome: boolean;
  readonly requestId: string | null;
  readonly address: string | null;
  readonly userId: string;
  readonly noticeId: string;
  readonly notices: PhoneNotices;
  /** What is given beside the code. */
  readonly besides: JudgedBesides;
  /** Of the code itself; what it leaves out is that of `besides`. */
  readonly proof: ProofParameters;
}

export function verifyParameters(prepared: Prepared): VerifyParameters {
  const { challenge, notices, besides, proof } = prepared;
  const { parameters: session, instant } = prepared.session;
  return {
    now: instant,
    tokenDigest: challenge.digest,
    purpose: challenge.purpose,
    keyId: challenge.keyId,
    matched: prepared.matched,
    wellFormed: prepared.wellFormed,
    cookieWelcome: prepared.cookieWelcome,
    requestId: prepared.requestId,
    address: prepared.address,
    userId: prepared.userId,
    noticeId: prepared.noticeId,
    oldNoticeId: notices.oldNoticeId,
    newNoticeId: notices.newNoticeId,
    sessionId: session.sessionId,
    refreshDigest: session.refreshDigest,
    sessionExpiresAt: session.sessionExpiresAt,
    sessionIdleExpiresAt: session.sessionIdleExpiresAt,
    amr: session.amr,
    userAgent: session.userAgent,
    given: besides.given,
    emailGiven: besides.emailGiven,
    emailMatched: besides.emailMatched,
    totpId: given(proof.totpId, besides.totpId),
    totpStep: given(proof.totpStep, besides.totpStep),
    totpSealed: given(proof.totpSealed, besides.totpSealed),
    recoveryHash: given(proof.recoveryHash, besides.recoveryHash),
  };
}

/** Null is a value; undefined is what nobody gave. */
function given<T>(first: T | null | undefined, second: T | null | undefined): T | null {
  return (first === undefined ? second : first) ?? null;
}
