// Verifies a phone for a client app, which gets a signed proof; no account need have the phone. Codes, limits and statements are those of all other
// challenges. A challenge works only for the client app that asked for it.
import { Injectable } from '@nestjs/common';
import { countedHit } from '../../limits/limits.sql';
import type { ChallengeResponse } from '../../otp/challenge-response.types';
import { ChallengeView } from '../../otp/challenge-view.service';
import { Challenges } from '../../otp/challenges.service';
import { MessageChallenges } from '../../otp/message-challenges.service';
import { otpErrors } from '../../otp/otp.errors';
import { AppError } from '../../platform/errors/app-error';
import { phoneErrors } from '../../platform/phone/phone.errors';
import type { ApiClient } from '../clients/clients.types';
import { Identifiers } from '../identifiers/identifiers.service';
import { Issuance } from '../issuance/issuance.service';
import { PhoneVerificationsConfig } from './phone-verifications.config';
import type { PhoneVerificationRequest } from './phone-verifications.request';
import { issueVerification } from './phone-verifications.sql';

@Injectable()
export class PhoneVerificationsService {
  constructor(
    private readonly challenges: Challenges,
    private readonly messages: MessageChallenges,
    private readonly view: ChallengeView,
    private readonly identifiers: Identifiers,
    private readonly issuance: Issuance,
    private readonly config: PhoneVerificationsConfig,
  ) {}

  /** @throws AppError phone_not_supported, channel_not_supported, rate_limited, sms_budget_exhausted, provider_unavailable, overloaded, not_ready */
  async start(request: PhoneVerificationRequest, { id, clientId }: ApiClient): Promise<ChallengeResponse> {
    const phone = this.identifiers.servedPhone(request.phone)?.e164;
    if (phone === undefined) throw new AppError(phoneErrors.phone_not_supported);
    const challenge = this.challenges.create('phone_verification');
    const { purpose } = challenge;
    const channel = request.channel ?? 'sms';
    if (!this.view.channels({ purpose, phone, phoneShown: true }).includes(channel))
      throw new AppError(otpErrors.channel_not_supported);
    const parameters = {
      ...this.messages.issueParameters({
        challenge,
        subjectId: id,
        phone,
        channel,
        locale: request.locale ?? null,
        clientId,
        deviceName: null,
        alsoWanted: [countedHit(`client:verifications:${id}`, this.config.LIMIT_VERIFICATIONS_CLIENT)],
      }),
      budgetKey: `${this.challenges.budgetKey(purpose, phone)}:${id}`,
    };
    const { resendAt } = await this.issuance.issue(issueVerification.with(parameters), phone);
    return this.view.ofNew(challenge, phone, resendAt, { channel });
  }
}
