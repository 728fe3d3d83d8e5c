// How a challenge looks to the client that holds its token: the same for real challenges and decoys.
import { Injectable } from '@nestjs/common';
import { Clock } from '../platform/clock/clock';
import { maskPhone } from '../platform/phone/phone-number';
import type { Channel } from '../sms/contract/provider';
import { DeliveryState, SmsSender } from '../sms/sms-sender.service';
import { resendAfterSeconds } from './challenge.policy';
import type { ChallengeResponse } from './challenge.types';
import { isAnonymous, OtpConfig } from './otp.config';
import type { ChallengeState, NewChallenge, Purpose } from './otp.types';

interface Shown {
  readonly token: string;
  readonly purpose: Purpose;
  readonly phone: string;
  readonly channel: Channel;
  readonly expiresAt: Date;
  readonly resendAt: Date | null;
  readonly attemptsLeft: number;
}

@Injectable()
export class ChallengeView {
  constructor(
    private readonly sms: SmsSender,
    private readonly config: OtpConfig,
    private readonly clock: Clock,
  ) {}

  ofNew({ token, purpose, expiresAt }: NewChallenge, phone: string, resendAt: Date | null): ChallengeResponse {
    return this.show({
      token,
      purpose,
      phone,
      channel: 'sms',
      expiresAt,
      resendAt,
      attemptsLeft: this.config.OTP_MAX_ATTEMPTS,
    });
  }

  ofState(token: string, state: ChallengeState): ChallengeResponse {
    return this.show({ ...state, token, attemptsLeft: state.attemptsMax - state.failed });
  }

  channels(purpose: Purpose): readonly Channel[] {
    return this.sms.route(isAnonymous(purpose)).channels;
  }

  deliveryOf(challengeId: string): Promise<DeliveryState | undefined> {
    return this.sms.deliveryOf(challengeId);
  }

  private show({ token, purpose, phone, channel, expiresAt, resendAt, attemptsLeft }: Shown): ChallengeResponse {
    const route = this.sms.route(isAnonymous(purpose));
    return {
      challengeToken: token,
      purpose,
      channel,
      destination: maskPhone(phone),
      methods: ['sms'],
      channels: [...route.channels],
      codeLength: route.kind === 'service' ? route.codeLength : this.config.OTP_LENGTH,
      expiresAt: expiresAt.toISOString(),
      resendAfter: resendAfterSeconds({ resendAt }, this.clock.now()),
      attemptsLeft,
    };
  }
}
