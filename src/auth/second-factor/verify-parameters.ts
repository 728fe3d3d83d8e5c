// Puts the parameters of a verify statement together. They are listed one by one, because V8 keeps an object made by three spreads as a
// dictionary, which made binding these the most expensive part of our own code in a sign-in (ADR 70).
import type { Judged } from './method';
import type { AnswerFacts, JudgedFurtherCodes, PresentedAnswer, VerifyParameters } from './verify.types';

/** @param judged the code itself. Parameters of proofs that it leaves out are taken from the further codes. */
export function verifyParameters(
  { challenge, session: { parameters: session, instant }, cookieWelcome }: PresentedAnswer,
  { matched, wellFormed, parameters: proof }: Judged,
  further: JudgedFurtherCodes,
  facts: AnswerFacts,
): VerifyParameters {
  return {
    now: instant,
    tokenDigest: challenge.digest,
    purpose: challenge.purpose,
    keyId: challenge.keyId,
    matched,
    wellFormed,
    cookieWelcome,
    requestId: facts.requestId,
    address: facts.address,
    idleDays: facts.idleDays,
    userId: facts.userId,
    noticeId: facts.noticeId,
    oldNoticeId: facts.oldNoticeId,
    newNoticeId: facts.newNoticeId,
    sessionId: session.sessionId,
    refreshDigest: session.refreshDigest,
    sessionExpiresAt: session.sessionExpiresAt,
    sessionIdleExpiresAt: session.sessionIdleExpiresAt,
    amr: session.amr,
    userAgent: session.userAgent,
    given: further.given,
    emailGiven: further.emailGiven,
    emailMatched: further.emailMatched,
    totpId: firstGiven(proof.totpId, further.totpId),
    totpStep: firstGiven(proof.totpStep, further.totpStep),
    totpSealed: firstGiven(proof.totpSealed, further.totpSealed),
    recoveryHash: firstGiven(proof.recoveryHash, further.recoveryHash),
  };
}

/** Null counts as given, undefined does not. */
function firstGiven<T>(first: T | null | undefined, second: T | null | undefined): T | null {
  return (first === undefined ? second : first) ?? null;
}
