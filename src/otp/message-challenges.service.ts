// Challenges whose code goes out by message: the parameters of the statements that issue and resend them (composed in auth), and of one
// more message by another vendor. It decides which counters a message draws on and what it costs; the statement takes them.
import { Injectable } from '@nestjs/common';
import { Limit } from '../config/limit';
import { TestPhones } from '../config/test-phones';
import { Outbox } from '../jobs/outbox.service';
import type { SpendParameters } from '../limits/counters.sql';
import { cooldownHit, countedHit, refundableHit, type WantedHit } from '../limits/limits.sql';
import { Spending } from '../limits/spending.service';
import { Clock } from '../platform/clock/clock';
import { KeyedDigest } from '../platform/crypto/keyed-digest';
import { AppError } from '../platform/errors/app-error';
import { RequestContext } from '../platform/request/request-context';
import { SmsSender } from '../sms/sms-sender.service';
import type { AnotherWayParameters } from './another-way.sql';
import { countedBy, plannedSend } from './challenge.policy';
import { Challenges } from './challenges.service';
import type { IssueParameters } from './issue-challenge.sql';
import type { IssueRequest } from './issue-request.types';
import { OtpConfig } from './otp.config';
import { otpErrors } from './otp.errors';
import {
  accountMessagesKey,
  ANY_NUMBER,
  type ChallengeState,
  type ChallengeToken,
  type Channel,
  isAnonymous,
  isByOperator,
  type Purpose,
} from './otp.types';
import type { ResendParameters } from './resend-challenge.sql';

/**
 * Sends that are kept for people who know the password, when strangers have used up the number's own (security.md 5.4, A65). As many are kept for
 * what operators begin, because somebody who knows the password may be no less a stranger.
 */
const RESERVE = Limit.of('3/1h');

@Injectable()
export class MessageChallenges {
  constructor(
    private readonly challenges: Challenges,
    private readonly config: OtpConfig,
    private readonly sms: SmsSender,
    private readonly spending: Spending,
    private readonly testPhones: TestPhones,
    private readonly outbox: Outbox,
    private readonly digests: KeyedDigest,
    private readonly context: RequestContext,
    private readonly clock: Clock,
  ) {}

  /** @throws AppError provider_unavailable while every vendor that could carry the code is known to be down (F07) */
  issueParameters(request: IssueRequest): IssueParameters {
    const { challenge, accountId, phone, phoneShown = true, channel = 'sms', methods = ['sms'] } = request;
    const sendsAtOnce = methods[0] === 'sms';
    if (sendsAtOnce) this.demandVendor(challenge.purpose, { phone, phoneShown }, channel);
    return {
      ...this.challenges.storedParameters(challenge),
      subjectId: request.subjectId,
      phone,
      channel,
      locale: request.locale,
      clientId: request.clientId,
      deviceName: request.deviceName,
      tokenDelivery: request.tokenDelivery ?? 'body',
      boundSessionId: request.sessionId ?? null,
      phoneShown,
      methods,
      sendsAtOnce,
      here: this.outbox.hasRoom,
      turnKey: accountId === undefined ? this.challenges.cooldownKey(challenge.purpose, counted(request)) : null,
      ...this.audited(phone),
      ...(sendsAtOnce ? this.countersOf(request) : { wanted: '[]', ...this.spending.parameters(null) }),
      ...this.requestFacts(),
    };
  }

  /** @param reserve as in IssueRequest. @throws AppError provider_unavailable as `issueParameters` */
  resendParameters(token: ChallengeToken, state: ChallengeState, channel: Channel, reserve = false): ResendParameters {
    const { purpose } = state;
    this.demandVendor(purpose, state, channel);
    const name = countedBy(state);
    const byOperator = isByOperator(state);
    return {
      ...this.challenges.nextSendParameters(token, state),
      channel,
      here: this.outbox.hasRoom,
      wanted: JSON.stringify([
        ...this.messageLimits(name, { reserve, byOperator, ...payer(state) }),
        this.cooldown(purpose, name),
      ]),
      ...this.charges(purpose, state, byOperator),
      ...this.requestFacts(),
    };
  }

  /** The counters of one more message to this number. They are those of a send that somebody asks for. @param reserve as in IssueRequest */
  anotherWayParameters(state: ChallengeState, send: number, reserve = false): AnotherWayParameters {
    const { id: challengeId, phone, purpose } = state;
    const byOperator = isByOperator(state);
    const wanted = JSON.stringify(this.messageLimits(countedBy(state), { reserve, byOperator, ...payer(state) }));
    // It belongs to no request, so it is counted for no address.
    const charges = this.spending.parameters({ ...plannedSend(purpose, phone, null, byOperator), address: null });
    return { now: this.clock.now(), challengeId, phone, send, wanted, ...charges, requestId: null, address: null };
  }

  /**
   * What a second vendor costs while the first is in doubt: it draws on shared budgets only. A decoy has no vendor to doubt, so the
   * number's own limits must not show the difference (ADR 55).
   */
  secondVendorParameters(state: ChallengeState, send: number): AnotherWayParameters {
    return { ...this.anotherWayParameters(state, send), wanted: '[]', budgets: '[]' };
  }

  // The same for decoys: it depends on number and purpose only, and on no number when none was typed.
  private demandVendor(
    purpose: Purpose,
    { phone: number, phoneShown }: Pick<ChallengeState, 'phone' | 'phoneShown'>,
    channel: Channel,
  ): void {
    const phone = phoneShown ? number : ANY_NUMBER;
    if (this.testPhones.has(phone)) return;
    const retryAfterSeconds = this.sms.openForSeconds(phone, { channel, anonymous: isAnonymous(purpose) });
    if (retryAfterSeconds === undefined) return;
    throw new AppError(otpErrors.provider_unavailable, {
      retryAfterSeconds,
      reason: 'every breaker of the route is open',
    });
  }

  private countersOf(request: IssueRequest) {
    const { challenge, accountId, phone, phoneShown = true, byOperator, alsoWanted = [] } = request;
    const wanted = [...this.messageLimits(counted(request), request), ...alsoWanted];
    if (accountId !== undefined) wanted.push(this.cooldown(challenge.purpose, phone));
    return { wanted: JSON.stringify(wanted), ...this.charges(challenge.purpose, { phone, phoneShown }, byOperator) };
  }

  /**
   * How many messages the number may get, and its account; a number that is sent nothing has no such limit.
   * @param phone or what stands for it (countedBy)
   */
  private messageLimits(
    phone: string,
    { accountId, byOperator = false, reserve = false }: Pick<IssueRequest, 'accountId' | 'byOperator' | 'reserve'> = {},
  ): WantedHit[] {
    if (this.testPhones.has(phone)) return [];
    const { LIMIT_SMS_DESTINATION, LIMIT_SMS_DESTINATION_ALL, LIMIT_SMS_ACCOUNT } = this.config;
    const key = this.digests.text('phone', phone);
    const limits = [countedHit(`sms:all:${key}`, LIMIT_SMS_DESTINATION_ALL)];
    if (reserve) limits.push(refundableHit(`sms:${byOperator ? 'operator' : 'reserve'}:${key}`, RESERVE));
    else limits.push(refundableHit(`sms:to:${key}`, LIMIT_SMS_DESTINATION));
    if (accountId !== undefined && !byOperator) {
      limits.push(countedHit(accountMessagesKey(accountId), LIMIT_SMS_ACCOUNT));
    }
    return limits;
  }

  private cooldown(purpose: Purpose, phone: string): WantedHit {
    return cooldownHit(this.challenges.cooldownKey(purpose, phone), this.config.cooldownSeconds);
  }

  // The dearest price where no number was typed: a refusal for want of money would tell the country of the number behind a name (A55).
  private charges(
    purpose: Purpose,
    to: Pick<ChallengeState, 'phone' | 'phoneShown'>,
    byOperator = false,
  ): SpendParameters {
    const phone = to.phoneShown ? to.phone : ANY_NUMBER;
    const send = this.testPhones.has(phone) ? null : plannedSend(purpose, phone, this.context.address, byOperator);
    return this.spending.parameters(send);
  }

  /** What the audit log keeps of a number; nothing of a stand-in. */
  private audited(phone: string): Pick<IssueParameters, 'phoneHmac' | 'phoneTail'> {
    if (!phone.startsWith('+')) return { phoneHmac: null, phoneTail: null };
    return { phoneHmac: this.digests.digest('phone', phone), phoneTail: phone.slice(-2) };
  }

  private requestFacts() {
    return { requestId: this.context.requestId, address: this.context.address };
  }
}

/** The account that a message is counted for as well; none where anybody may ask for it. */
function payer({ purpose, subjectId }: ChallengeState): Pick<IssueRequest, 'accountId'> {
  return isAnonymous(purpose) ? {} : { accountId: subjectId };
}

function counted({ phone, phoneShown = true, budgetKey }: IssueRequest): string {
  return countedBy({ phone, phoneShown, budgetKey: budgetKey ?? null });
}
