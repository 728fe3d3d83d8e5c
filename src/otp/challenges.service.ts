// Makes challenges and says what a presented token and code amount to. Holds no SQL that decides: the statements of
// issue, verify and resend are composed in auth, this gives them their parameters. Guarded by test/e2e/codes and test/races.
import { Injectable } from '@nestjs/common';
import { Outbox } from '../jobs/outbox.service';
import { Clock } from '../platform/clock/clock';
import { KeyedDigest } from '../platform/crypto/keyed-digest';
import { Keyring } from '../platform/crypto/keyring';
import { AppError } from '../platform/errors/app-error';
import { tokenErrors } from '../platform/errors/token.errors';
import { Random } from '../platform/random/random';
import { RequestContext } from '../platform/request/request-context';
import { Limit } from '../config/limit';
import { TestPhones } from '../config/test-phones';
import type { SpendParameters } from '../limits/counters.sql';
import { cooldownHit, type WantedHit, wantedHit } from '../limits/limits.sql';
import { Spending } from '../limits/spending.service';
import { SmsSender } from '../sms/sms-sender.service';
import { ChallengeStateStore } from './challenge-state.store';
import { phaseOf, plannedSend, resendAfterSeconds, secondsUntil } from './challenge.policy';
import { formatChallengeToken, parseChallengeToken } from './challenge-token';
import { codeMatches, OTP_KEY_INFO } from './otp-code';
import { OtpConfig } from './otp.config';
import type { IssueRequest } from './issue-request.types';
import { otpErrors } from './otp.errors';
import type { AnotherWayParameters } from './another-way.sql';
import type { IssueParameters, ResendParameters } from './otp.sql';
import {
  ANY,
  ANY_NUMBER,
  type ChallengeStanding,
  type ChallengeState,
  type ChallengeToken,
  type Channel,
  isAnonymous,
  type NewChallenge,
  type PresentedCode,
  type Purpose,
} from './otp.types';

const RANDOM_BYTES = 32;
/** security.md 5.4: sends kept back for people who know the password, when strangers have used up the number's own (A65). */
const LOGIN_RESERVE = Limit.of('3/1h');

@Injectable()
export class Challenges {
  constructor(
    private readonly config: OtpConfig,
    private readonly clock: Clock,
    private readonly random: Random,
    private readonly keyring: Keyring,
    private readonly digests: KeyedDigest,
    private readonly store: ChallengeStateStore,
    private readonly context: RequestContext,
    private readonly sms: SmsSender,
    private readonly spending: Spending,
    private readonly testPhones: TestPhones,
    private readonly outbox: Outbox,
  ) {}

  create(purpose: Purpose): NewChallenge {
    const createdAt = this.clock.now();
    const { OTP_LENGTH: codeLength, OTP_EXPIRY_SECONDS } = this.config;
    const token = formatChallengeToken(purpose, codeLength, this.keyring.currentKid, this.random.bytes(RANDOM_BYTES));
    const expiresAt = new Date(createdAt.getTime() + OTP_EXPIRY_SECONDS * 1000);
    return { ...parsed(token), id: this.random.uuid(), token, createdAt, expiresAt };
  }

  /** @throws AppError provider_unavailable while every vendor that could carry the code is known to be down (F07) */
  issueParameters(request: IssueRequest): IssueParameters {
    const { challenge, accountId, phone, phoneShown = true, channel = 'sms', methods = ['sms'] } = request;
    const sendsAtOnce = methods[0] === 'sms';
    if (sendsAtOnce) this.demandVendor(challenge.purpose, phoneShown ? phone : ANY_NUMBER, channel);
    return {
      ...this.storedParameters(challenge),
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
      turnKey: accountId === undefined ? this.cooldownKey(challenge.purpose, phone) : null,
      ...this.audited(phone),
      ...(sendsAtOnce ? this.countersOf(request) : { wanted: '[]', ...this.spending.parameters(null) }),
      ...this.requestFacts(),
    };
  }

  /** Of the challenge itself and the rules it lives by, however its code travels. */
  storedParameters({ createdAt, id, digest, purpose, keyId, codeLength, expiresAt }: NewChallenge) {
    const { OTP_MAX_ATTEMPTS: attemptsMax, OTP_MAX_SENDS: sendsMax, cooldownSeconds } = this.config;
    const challenge = { challengeId: id, tokenDigest: digest, purpose, keyId, codeLength, expiresAt };
    return { now: createdAt, ...challenge, attemptsMax, sendsMax, cooldownSeconds };
  }

  /** @param reserve as in IssueRequest. @throws AppError provider_unavailable as `issueParameters` */
  resendParameters(token: ChallengeToken, state: ChallengeState, channel: Channel, reserve = false): ResendParameters {
    this.demandVendor(state.purpose, state.phone, channel);
    const send = state.sendsCount + 1;
    const payer = isAnonymous(state.purpose) ? {} : { accountId: state.subjectId };
    const cooldown = cooldownHit(this.cooldownKey(state.purpose, state.phone), this.config.cooldownSeconds);
    const wanted = [...this.messageLimits(state.phone, { reserve, ...payer }), cooldown];
    return {
      now: this.clock.now(),
      challengeId: state.id,
      tokenDigest: token.digest,
      purpose: token.purpose,
      keyId: token.keyId,
      phone: state.phone,
      channel,
      here: this.outbox.hasRoom,
      sendsSeen: state.sendsCount,
      sendsMax: this.config.OTP_MAX_SENDS,
      waitSeconds: send < this.config.OTP_MAX_SENDS ? this.config.resendWaitSeconds(send) : null,
      wanted: JSON.stringify(wanted),
      ...this.charges(state.purpose, state.phone),
      ...this.requestFacts(),
    };
  }

  /** The counters of one more message to this number, as a send that is asked for takes them. */
  anotherWayParameters(state: ChallengeState, send: number): AnotherWayParameters {
    const { id: challengeId, phone, purpose } = state;
    const wanted = JSON.stringify(this.messageLimits(phone));
    // Nobody's request: whose address it would be is not known any more.
    const charges = this.spending.parameters({ ...plannedSend(purpose, phone, null), address: null });
    return { now: this.clock.now(), challengeId, phone, send, wanted, ...charges, requestId: null, address: null };
  }

  /** What a second vendor costs while the first is in doubt: of what is shared alone, as a decoy has no vendor to doubt (ADR 55). */
  secondVendorParameters(state: ChallengeState, send: number): AnotherWayParameters {
    return { ...this.anotherWayParameters(state, send), wanted: '[]', budgets: '[]' };
  }

  /** @throws AppError token_invalid for anything that is not a challenge token. */
  parse(token: string): ChallengeToken {
    const challenge = parseChallengeToken(token);
    if (challenge === undefined) throw new AppError(tokenErrors.token_invalid, { reason: 'not a challenge token' });
    return challenge;
  }

  /**
   * The same work for every well-formed token, whatever its state: the answer is no oracle before the statement commits.
   * @throws AppError not_ready when the key id is not on our ring (rotation under way).
   */
  present(challenge: ChallengeToken, code: string): PresentedCode {
    const key = this.keyring.derive(OTP_KEY_INFO, challenge.keyId);
    const takers = this.testPhones.takers(code);
    const matched = codeMatches(key, challenge, code) ? [ANY, ...takers] : takers;
    return { challenge, matched, wellFormed: code.length === challenge.codeLength || takers.length > 0 };
  }

  /** @returns undefined for an unknown challenge */
  async find(challenge: ChallengeToken): Promise<ChallengeStanding | undefined> {
    const state = await this.store.find(challenge);
    if (state === undefined) return undefined;
    const now = this.clock.now();
    return {
      ...state,
      phase: phaseOf(state, now),
      resendAfterSeconds: resendAfterSeconds(state, now),
      expiresInSeconds: secondsUntil(state.expiresAt, now),
    };
  }

  /** Seconds between two sends of one purpose to one number while a code is outstanding. */
  get cooldownSeconds(): number {
    return this.config.cooldownSeconds;
  }

  /** @returns whether the challenge still took guesses */
  countFailedAttempt(challenge: ChallengeToken, now: string): Promise<boolean> {
    return this.store.countFailedAttempt(challenge, now);
  }

  /** Key of an anonymous failure budget: by the phone's text, never by account (protocol.md 4). */
  budgetKey(purpose: Purpose, phone: string): string {
    return `${purpose}:${this.phoneKey(phone)}`;
  }

  /** Sorts after sms:to: every statement locks the counters of a number in this order. */
  cooldownKey(purpose: Purpose, phone: string): string {
    return `sms:turn:${purpose}:${this.phoneKey(phone)}`;
  }

  // The same for decoys: it goes by the number and the purpose alone.
  private demandVendor(purpose: Purpose, phone: string, channel: Channel): void {
    if (this.testPhones.has(phone)) return;
    const retryAfterSeconds = this.sms.closedForSeconds(phone, { channel, anonymous: isAnonymous(purpose) });
    if (retryAfterSeconds === undefined) return;
    throw new AppError(otpErrors.provider_unavailable, {
      retryAfterSeconds,
      reason: 'every breaker of the route is open',
    });
  }

  /** How many messages the number may get, and its account; a number that is sent nothing has no such limit. */
  private messageLimits(phone: string, from: Pick<IssueRequest, 'accountId' | 'reserve'> = {}): WantedHit[] {
    if (this.testPhones.has(phone)) return [];
    const { LIMIT_SMS_DESTINATION, LIMIT_SMS_DESTINATION_ALL, LIMIT_SMS_ACCOUNT } = this.config;
    const key = this.phoneKey(phone);
    const limits = [wantedHit(`sms:all:${key}`, LIMIT_SMS_DESTINATION_ALL, false)];
    if (from.reserve === true) limits.push(wantedHit(`sms:reserve:${key}`, LOGIN_RESERVE, true));
    else limits.push(wantedHit(`sms:to:${key}`, LIMIT_SMS_DESTINATION, true));
    if (from.accountId !== undefined) limits.push(wantedHit(`sms:account:${from.accountId}`, LIMIT_SMS_ACCOUNT, false));
    return limits;
  }

  private countersOf(request: IssueRequest) {
    const { challenge, accountId, phone, alsoWanted = [] } = request;
    const wanted = [...this.messageLimits(phone, request), ...alsoWanted];
    if (accountId !== undefined) {
      wanted.push(cooldownHit(this.cooldownKey(challenge.purpose, phone), this.config.cooldownSeconds));
    }
    return { wanted: JSON.stringify(wanted), ...this.charges(challenge.purpose, phone) };
  }

  private charges(purpose: Purpose, phone: string): SpendParameters {
    const send = this.testPhones.has(phone) ? null : plannedSend(purpose, phone, this.context.address);
    return this.spending.parameters(send);
  }

  /** What the audit log keeps of it; nothing of a stand-in. */
  private audited(phone: string): Pick<IssueParameters, 'phoneHmac' | 'phoneTail'> {
    if (!phone.startsWith('+')) return { phoneHmac: null, phoneTail: null };
    return { phoneHmac: this.digests.digest('phone', phone), phoneTail: phone.slice(-2) };
  }

  private phoneKey(phone: string): string {
    return this.digests.digest('phone', phone).toString('base64url');
  }

  private requestFacts() {
    return { requestId: this.context.requestId, address: this.context.address };
  }
}

function parsed(token: string): ChallengeToken {
  const challenge = parseChallengeToken(token);
  if (challenge === undefined) throw new Error('a token of our own making does not parse');
  return challenge;
}
