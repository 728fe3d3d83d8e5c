// Challenges whose code goes out by mail: the parameters of the statements that issue and resend them, which are composed in auth. For
// codes by message see message-challenges.service.ts. A mail costs no money, so only the limits of the address and the account count.
import { Injectable } from '@nestjs/common';
import { nothingSpent } from '../limits/counters.sql';
import { cooldownHit, countedHit, refundableHit } from '../limits/limits.sql';
import { MailSender } from '../mail/mail-sender.service';
import { KeyedDigest } from '../platform/crypto/keyed-digest';
import { Keyring } from '../platform/crypto/keyring';
import { RequestContext } from '../platform/request/request-context';
import { Challenges } from './challenges.service';
import { codeMatches, mailedCode, OTP_KEY_INFO } from './otp-code';
import { OtpConfig } from './otp.config';
import type { IssueParameters } from './issue-challenge.sql';
import type { ChallengeState, ChallengeToken, Method, NewChallenge, Purpose, TokenDelivery } from './otp.types';
import type { ResendParameters } from './resend-challenge.sql';

export interface EmailIssueRequest {
  readonly challenge: NewChallenge;
  readonly accountId: string;
  /** As canonicalEmail gives it; null when no code is mailed. */
  readonly email: string | null;
  /** The preferred one first; by default only the mailed code. The code is sent at once only when it is the first. */
  readonly methods?: readonly Method[];
  /** The session that asks; null for a login. */
  readonly sessionId: string | null;
  readonly clientId: string;
  readonly locale?: string | null;
  readonly deviceName?: string | null;
  readonly tokenDelivery?: TokenDelivery | undefined;
}

export interface EmailIssueParameters extends IssueParameters {
  readonly email: string | null;
}

@Injectable()
export class EmailChallenges {
  constructor(
    private readonly mail: MailSender,
    private readonly config: OtpConfig,
    private readonly challenges: Challenges,
    private readonly digests: KeyedDigest,
    private readonly keyring: Keyring,
    private readonly context: RequestContext,
  ) {}

  /** Whether there is a relay. Without one, nobody can prove an address. */
  get canBeSent(): boolean {
    return this.mail.sends;
  }

  /** Whether a code is the one that was mailed for a challenge. @throws AppError not_ready when the key id is not on our ring */
  isMailedCode(challenge: ChallengeToken, code: string): boolean {
    return codeMatches(this.keyring.derive(OTP_KEY_INFO, challenge.keyId), mailedCode(challenge), code);
  }

  issueParameters(request: EmailIssueRequest): EmailIssueParameters {
    const { challenge, accountId, email, methods = ['email'] } = request;
    const phone = this.standIn(email ?? accountId);
    const sendsAtOnce = methods[0] === 'email';
    return {
      ...this.challenges.storedParameters(challenge),
      subjectId: accountId,
      phone,
      email,
      channel: 'email',
      methods,
      phoneShown: false,
      sendsAtOnce,
      here: false,
      locale: request.locale ?? null,
      clientId: request.clientId,
      deviceName: request.deviceName ?? null,
      tokenDelivery: request.tokenDelivery ?? 'body',
      boundSessionId: request.sessionId,
      turnKey: null,
      phoneHmac: null,
      phoneTail: null,
      ...this.counters(challenge.purpose, accountId, phone),
      ...(!sendsAtOnce && { wanted: '[]' }),
    };
  }

  resendParameters(token: ChallengeToken, state: ChallengeState): ResendParameters {
    return {
      ...this.challenges.nextSendParameters(token, state),
      channel: 'email',
      here: false,
      ...this.counters(state.purpose, state.subjectId, state.phone),
    };
  }

  /** The text that takes the place of a number in counters and cooldowns. No phone number looks like it. */
  private standIn(name: string): string {
    return `~${this.digests.text('identifier', name)}`;
  }

  /**
   * Anybody may ask for codes to prove an address, and whoever has a session for those of its account. Both have counters of their own, so that they
   * cannot use up what the owner's sign-in has (A65, A74).
   */
  private counters(purpose: Purpose, accountId: string, standIn: string) {
    const { LIMIT_MAIL_DESTINATION, LIMIT_MAIL_ACCOUNT, cooldownSeconds } = this.config;
    const isChange = purpose === 'email_change';
    const wanted = [
      refundableHit(`mail:${isChange ? 'to' : 'own'}:${standIn}`, LIMIT_MAIL_DESTINATION),
      countedHit(`mail:${isChange ? 'changes' : 'account'}:${accountId}`, LIMIT_MAIL_ACCOUNT),
      cooldownHit(this.challenges.cooldownKey(purpose, standIn), cooldownSeconds),
    ];
    const { requestId, address } = this.context;
    return { wanted: JSON.stringify(wanted), ...nothingSpent, requestId, address };
  }
}
