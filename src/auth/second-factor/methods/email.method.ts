// A code that was mailed. It is derived from the challenge's token, like the one by message. It proves an address; and it proves the owner
// of an account that has lost its number and has no other factor (ADR 61).
import { Injectable } from '@nestjs/common';
import { Challenges } from '../../../otp/challenges.service';
import { matches } from '../../../otp/challenge-row.sql';
import type { ChallengeToken } from '../../../otp/otp.types';
import { type Judged, type Proof, SecondFactorMethod } from '../method';

@Injectable()
export class EmailMethod extends SecondFactorMethod {
  override readonly amr = ['pwd', 'email', 'mfa'];
  override readonly proof: Proof = {
    method: 'email',
    matches,
    byVendor: () => 'false',
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
