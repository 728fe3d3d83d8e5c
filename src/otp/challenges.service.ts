// Makes challenges, finds them by the presented token, and says whether a code is right. The statements that issue, verify and resend are composed in
// auth; message-challenges.service.ts and email-challenges.service.ts make their parameters.
// Guarded by test/e2e/codes and test/races.
import { Injectable } from '@nestjs/common';
import { TestPhones } from '../config/test-phones';
import { Clock } from '../platform/clock/clock';
import { after, secondsUntil } from '../platform/time/seconds';
import { KeyedDigest } from '../platform/crypto/keyed-digest';
import { Keyring } from '../platform/crypto/keyring';
import { AppError } from '../platform/errors/app-error';
import { tokenErrors } from '../platform/errors/token.errors';
import { Random } from '../platform/random/random';
import { ChallengeStateStore } from './challenge-state.store';
import { countedBy, phaseOf, resendAfterSeconds } from './challenge.policy';
import { formatChallengeToken, parseChallengeToken } from './challenge-token';
import { codeMatches, OTP_KEY_INFO } from './otp-code';
import { OtpConfig } from './otp.config';
import {
  ANY,
  type ChallengeStanding,
  type ChallengeState,
  type ChallengeToken,
  type JudgedCode,
  type NewChallenge,
  type Purpose,
} from './otp.types';

const RANDOM_BYTES = 32;

@Injectable()
export class Challenges {
  constructor(
    private readonly config: OtpConfig,
    private readonly clock: Clock,
    private readonly random: Random,
    private readonly keyring: Keyring,
    private readonly digests: KeyedDigest,
    private readonly store: ChallengeStateStore,
    private readonly testPhones: TestPhones,
  ) {}

  create(purpose: Purpose): NewChallenge {
    const createdAt = this.clock.now();
    const { OTP_LENGTH: codeLength, OTP_EXPIRY_SECONDS } = this.config;
    const token = formatChallengeToken(purpose, codeLength, this.keyring.currentKid, this.random.bytes(RANDOM_BYTES));
    const expiresAt = after(createdAt, OTP_EXPIRY_SECONDS);
    return { ...parsed(token), id: this.random.uuid(), token, createdAt, expiresAt };
  }

  /** Those parameters of an issue statement that do not depend on the way the code is sent. */
  storedParameters({ createdAt, id, digest, purpose, keyId, codeLength, expiresAt }: NewChallenge) {
    const { OTP_MAX_ATTEMPTS: attemptsMax, OTP_MAX_SENDS: sendsMax, cooldownSeconds } = this.config;
    const challenge = { challengeId: id, tokenDigest: digest, purpose, keyId, codeLength, expiresAt };
    return { now: createdAt, ...challenge, attemptsMax, sendsMax, cooldownSeconds };
  }

  /** The same for a resend statement. */
  nextSendParameters({ digest, purpose, keyId }: ChallengeToken, { id, phone, sendsCount }: ChallengeState) {
    const { OTP_MAX_SENDS: sendsMax } = this.config;
    const send = sendsCount + 1;
    const waitSeconds = send < sendsMax ? this.config.resendWaitSeconds(send) : null;
    const challenge = { challengeId: id, tokenDigest: digest, purpose, keyId, phone };
    return { now: this.clock.now(), ...challenge, sendsSeen: sendsCount, sendsMax, waitSeconds };
  }

  /**
   * @param purposes that are accepted; all if none is given
   * @throws AppError token_invalid for a text that is no challenge token, token_type_invalid for a challenge of another purpose
   */
  parse(token: string, ...purposes: readonly Purpose[]): ChallengeToken {
    const challenge = parseChallengeToken(token);
    if (challenge === undefined) throw new AppError(tokenErrors.token_invalid, { reason: 'not a challenge token' });
    if (purposes.length > 0 && !purposes.includes(challenge.purpose)) {
      throw new AppError(tokenErrors.token_type_invalid, { reason: `purpose ${challenge.purpose}` });
    }
    return challenge;
  }

  /**
   * Does the same work for every well-formed token, whatever its state, so that its duration tells nothing before the statement has committed.
   * @throws AppError not_ready when the key id is not on our ring, while a rotation is going on
   */
  judge(challenge: ChallengeToken, code: string): JudgedCode {
    const key = this.keyring.derive(OTP_KEY_INFO, challenge.keyId);
    const takers = this.testPhones.takers(code);
    const matched = codeMatches(key, challenge, code) ? [ANY, ...takers] : takers;
    return { matched, wellFormed: code.length === challenge.codeLength || takers.length > 0 };
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

  /** @throws AppError token_invalid for an unknown challenge */
  async demand(challenge: ChallengeToken): Promise<ChallengeStanding> {
    const state = await this.find(challenge);
    if (state === undefined) throw new AppError(tokenErrors.token_invalid, { reason: 'unknown challenge' });
    return state;
  }

  /** How long after a send no other send of the same purpose goes to the same number, in seconds, while a code is outstanding. */
  get cooldownSeconds(): number {
    return this.config.cooldownSeconds;
  }

  /** @returns whether the challenge still took guesses when it was counted */
  countFailedAttempt(challenge: ChallengeToken, now: string): Promise<boolean> {
    return this.store.countFailedAttempt(challenge, now);
  }

  /** After a send has failed the next may follow at once. The number of sends that are left does not change. */
  reopenAfterFailure(state: ChallengeState): Promise<void> {
    return this.reopenResend(state, false);
  }

  /** The same after the vendor has ended its verification. */
  reopenAfterVendorEnd(state: ChallengeState): Promise<void> {
    return this.reopenResend(state, true);
  }

  /** Key of an anonymous failure budget. It depends on the text of the phone, never on an account (protocol.md 4). */
  budgetKey(purpose: Purpose, phone: string): string {
    return `${purpose}:${this.digests.text('phone', phone)}`;
  }

  /** Sorts after keys of sms:to, because every statement locks the counters of a number in this order. */
  cooldownKey(purpose: Purpose, phone: string): string {
    return `sms:turn:${purpose}:${this.digests.text('phone', phone)}`;
  }

  private reopenResend(state: ChallengeState, vendorEnded: boolean): Promise<void> {
    const turnKey = this.cooldownKey(state.purpose, countedBy(state));
    return this.store.reopenResend(state.id, this.clock.now(), vendorEnded, turnKey);
  }
}

function parsed(token: string): ChallengeToken {
  const challenge = parseChallengeToken(token);
  if (challenge === undefined) throw new Error('a token of our own making does not parse');
  return challenge;
}
