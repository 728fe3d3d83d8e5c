// A code that was sent by message or call. It is derived from the challenge's token, or checked by the vendor that made it.
import { Injectable } from '@nestjs/common';
import { Challenges } from '../../../otp/challenges.service';
import { matches } from '../../../otp/challenge-row.sql';
import type { ChallengeToken } from '../../../otp/otp.types';
import { type Judged, type Proof, SecondFactorMethod } from '../method';

@Injectable()
export class SmsMethod extends SecondFactorMethod {
  override readonly amr = ['pwd', 'sms', 'mfa'];
  override readonly proof: Proof = {
    method: 'sms',
    matches,
    byVendor: (row) => `${row}.verifier IS NOT NULL`,
    reopens: false,
  };

  constructor(private readonly challenges: Challenges) {
    super();
  }

  override judge(challenge: ChallengeToken, code: string): Promise<Judged> {
    const { matched, wellFormed } = this.challenges.judge(challenge, code);
    return Promise.resolve({ matched, wellFormed, parameters: {} });
  }
}
