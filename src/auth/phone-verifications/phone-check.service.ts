// Judges a code that a client app presents. The statement decides and commits before anything is told (design D4). For a code that a vendor
// checks: the attempt is spent first, then the vendor is asked, then its yes is confirmed (protocol.md 5).
import { Injectable } from '@nestjs/common';
import { Challenges } from '../../otp/challenges.service';
import { otpErrors } from '../../otp/otp.errors';
import type { ChallengeToken } from '../../otp/otp.types';
import { VendorCheck } from '../../otp/vendor-check.service';
import { Clock } from '../../platform/clock/clock';
import { AppError } from '../../platform/errors/app-error';
import { tokenErrors } from '../../platform/errors/token.errors';
import { Random } from '../../platform/random/random';
import { RequestContext } from '../../platform/request/request-context';
import type { ApiClient } from '../clients/clients.types';
import { attemptInstant } from '../second-factor/attempt-instant';
import { CodeRefusals } from '../second-factor/code-refusals.service';
import { PhoneProofs } from './phone-proof.service';
import type { PhoneVerifiedResponse } from './phone-verifications.response';
import type { CheckRow } from './phone-verifications.sql';
import { PhoneVerificationsStore } from './phone-verifications.store';

interface Presented {
  readonly challenge: ChallengeToken;
  readonly code: string;
  readonly client: ApiClient;
  readonly instant: string;
}

@Injectable()
export class PhoneCheckService {
  constructor(
    private readonly store: PhoneVerificationsStore,
    private readonly challenges: Challenges,
    private readonly vendor: VendorCheck,
    private readonly proofs: PhoneProofs,
    private readonly refusals: CodeRefusals,
    private readonly context: RequestContext,
    private readonly clock: Clock,
    private readonly random: Random,
  ) {}

  /** @throws AppError token_*, code_*, challenge_locked, second_factor_locked, validation_failed, provider_unavailable, 503s */
  async check(token: string, code: string, client: ApiClient): Promise<PhoneVerifiedResponse> {
    const challenge = this.challenges.parse(token, 'phone_verification');
    const { purpose, keyId, digest: tokenDigest } = challenge;
    const { matched, wellFormed } = this.challenges.judge(challenge, code);
    await this.proofs.ready();
    const instant = this.instant();
    const { clientId } = client;
    const bound = { now: instant, tokenDigest, purpose, keyId, clientId, matched, wellFormed, ...this.facts() };
    const row = await this.store.check(challenge, bound);
    if (row === undefined) throw new AppError(tokenErrors.token_invalid, { reason: 'no challenge of this client app' });
    return this.conclude({ challenge, code, client, instant }, row);
  }

  private async conclude(presented: Presented, row: CheckRow): Promise<PhoneVerifiedResponse> {
    const { challenge, client } = presented;
    switch (row.outcome) {
      case 'ok':
        return this.verified(row, client);
      case 'spent':
        return this.askVendor(presented, row);
      case 'wrong':
        throw new AppError(otpErrors.code_invalid, { attemptsLeft: row.attemptsLeft });
      case 'malformed':
      case 'locked':
      case 'dead':
        throw await this.refusals.of(row.outcome, challenge);
    }
  }

  private async askVendor(
    { challenge, code, client, instant }: Presented,
    row: CheckRow,
  ): Promise<PhoneVerifiedResponse> {
    const providerVerificationId = await this.vendor.approves(row, code);
    if (providerVerificationId === undefined) {
      throw new AppError(otpErrors.code_invalid, { attemptsLeft: row.attemptsLeft });
    }
    const { challengeId } = row;
    const { clientId } = client;
    const times = { spentAt: instant, now: this.instant() };
    const bound = { challengeId, clientId, providerVerificationId, ...times, ...this.facts() };
    if (!(await this.store.confirm(bound))) throw await this.refusals.of('dead', challenge);
    return this.verified(row, client);
  }

  private async verified({ phone, challengeId }: CheckRow, client: ApiClient): Promise<PhoneVerifiedResponse> {
    return { verified: true, phone, proof: await this.proofs.sign(phone, challengeId, client) };
  }

  private instant(): string {
    return attemptInstant(this.clock.now(), this.random);
  }

  private facts() {
    return { requestId: this.context.requestId, address: this.context.address };
  }
}
