// How a challenge looks to the client that holds its token. It looks the same for real challenges and decoys.
import { Injectable } from '@nestjs/common';
import { TestPhones } from '../config/test-phones';
import { Clock } from '../platform/clock/clock';
import { MailSender } from '../mail/mail-sender.service';
import { maskEmail } from '../platform/email/email-address';
import { maskPhone } from '../platform/phone/phone-number';
import { DeliveryState, SmsSender } from '../sms/sms-sender.service';
import { resendAfterSeconds } from './challenge.policy';
import type { ChallengeResponse } from './challenge-response.types';
import { OtpConfig } from './otp.config';
import {
  ANY_NUMBER,
  type ChallengeState,
  type CodeChannel,
  isAnonymous,
  type Method,
  type NewChallenge,
  type Purpose,
} from './otp.types';

interface Shown {
  readonly token: string;
  readonly purpose: Purpose;
  readonly phone: string;
  readonly phoneShown: boolean;
  readonly email?: string | null;
  readonly channel: CodeChannel;
  readonly expiresAt: Date;
  readonly resendAt: Date | null;
  readonly attemptsLeft: number;
  readonly methods: readonly Method[];
  readonly delivery?: DeliveryState | undefined;
}

/** In what a new challenge differs from the usual one, whose code goes by message to the number that was given, and which has no other method. */
interface NewChallengeShown {
  readonly channel?: CodeChannel;
  readonly phoneShown?: boolean;
  /** The address that the code goes to instead; null when no code is sent. */
  readonly email?: string | null;
  /** The preferred one first. */
  readonly methods?: readonly Method[];
}

@Injectable()
export class ChallengeView {
  constructor(
    private readonly sms: SmsSender,
    private readonly mail: MailSender,
    private readonly config: OtpConfig,
    private readonly clock: Clock,
    private readonly testPhones: TestPhones,
  ) {}

  ofNew(
    { token, purpose, expiresAt }: NewChallenge,
    phone: string,
    resendAt: Date | null,
    { channel = 'sms', phoneShown = true, methods = ['sms'], email }: NewChallengeShown = {},
  ): ChallengeResponse {
    return this.show({
      token,
      purpose,
      phone,
      phoneShown,
      ...(email !== undefined && { email }),
      channel,
      expiresAt,
      resendAt,
      attemptsLeft: this.config.OTP_MAX_ATTEMPTS,
      methods,
    });
  }

  /** @param delivery of its newest send, if known */
  ofState(token: string, state: ChallengeState, delivery?: DeliveryState): ChallengeResponse {
    return this.show({ ...state, token, attemptsLeft: state.attemptsMax - state.failed, delivery });
  }

  channels({
    purpose,
    phone,
    phoneShown,
    channel,
    methods,
  }: Pick<ChallengeState, 'purpose' | 'phone' | 'phoneShown'> &
    Partial<Pick<ChallengeState, 'channel' | 'methods'>>): readonly CodeChannel[] {
    if (channel === 'email') return methods?.includes('email') === true ? ['email'] : [];
    return this.sms.channels(phoneShown ? phone : ANY_NUMBER, isAnonymous(purpose));
  }

  async deliveryOf({ id, channel, verifier, vendorUnconfirmed }: ChallengeState): Promise<DeliveryState | undefined> {
    if (channel !== 'email') return this.sms.deliveryOf(id, verifier, vendorUnconfirmed);
    const mail = await this.mail.deliveryOf(id);
    return mail && { ...mail, failure: null, codeBy: 'us', vendorCodeLength: null, codesVoidBefore: null };
  }

  /** Whether a number has told our senders to stop is told only to its owner, that is to somebody who has proved the password. */
  failureTold({ purpose }: Pick<ChallengeState, 'purpose'>, delivery?: DeliveryState): DeliveryState['failure'] {
    const failure = delivery?.failure ?? null;
    return failure === 'opted_out' && isAnonymous(purpose) ? null : failure;
  }

  private show(shown: Shown): ChallengeResponse {
    const { token, purpose, channel, expiresAt, resendAt, attemptsLeft } = shown;
    return {
      challengeToken: token,
      purpose,
      channel,
      destination: destinationOf(shown),
      methods: [...shown.methods],
      channels: [...this.channels(shown)],
      codeLength: this.codeLength(shown),
      expiresAt: expiresAt.toISOString(),
      resendAfter: resendAfterSeconds({ resendAt }, this.clock.now()),
      attemptsLeft,
    };
  }

  // The vendor that took the message makes the code; before that, the one that is going to get it.
  private codeLength({ purpose, phone, phoneShown, channel, delivery }: Shown): number | null {
    if (channel === 'email') return this.config.OTP_LENGTH;
    const fixed = phoneShown ? this.testPhones.codeLength(phone) : undefined;
    if (fixed !== undefined) return fixed;
    if (delivery !== undefined && delivery.codeBy !== null) {
      return delivery.codeBy === 'vendor' ? delivery.vendorCodeLength : this.config.OTP_LENGTH;
    }
    const route = this.sms.codeRoute(phoneShown ? phone : ANY_NUMBER, { channel, anonymous: isAnonymous(purpose) });
    return route?.kind === 'service' ? route.codeLength : this.config.OTP_LENGTH;
  }
}

function destinationOf({ phone, phoneShown, email, channel }: Shown): string | null {
  if (channel === 'email') return typeof email === 'string' ? maskEmail(email) : null;
  return phoneShown ? maskPhone(phone) : null;
}
