// The verification that a decoy would have at its service. It follows the rules of that service, so that nobody can find out by guessing
// codes that there is none (A55).
import { Injectable } from '@nestjs/common';
import { Clock } from '../platform/clock/clock';
import { after } from '../platform/time/seconds';
import { SmsSender } from '../sms/sms-sender.service';
import { PretendedVerificationsStore } from './pretended-verifications.store';

@Injectable()
export class PretendedVerifications {
  constructor(
    private readonly sms: SmsSender,
    private readonly store: PretendedVerificationsStore,
    private readonly clock: Clock,
  ) {}

  /** To be called when the service would have answered. @returns a text in place of its id; undefined when another verifier checks now */
  begin(challengeId: string, provider: string): Promise<string | undefined> {
    const now = this.clock.now();
    const { restart } = this.sms.verificationRules(provider);
    const goesOnSince = typeof restart === 'object' ? after(now, -restart.goesOnSeconds) : null;
    return this.store.begin(challengeId, provider, now, { goesOnSince, endsFormer: restart === 'ends_former' });
  }

  /** Counts one more wrong code. @returns whether the service would have ended the verification by now */
  async refuse(challengeId: string, provider: string): Promise<boolean> {
    const { restart, endsAfterWrongCodes } = this.sms.verificationRules(provider);
    if (endsAfterWrongCodes === null) return false;
    const refused = await this.store.refuse(challengeId);
    if (refused === undefined) return false;
    const since = typeof restart === 'object' ? after(this.clock.now(), -restart.goesOnSeconds).toISOString() : '';
    return refused.wrongCodes >= endsAfterWrongCodes || (refused.began !== '' && refused.began < since);
  }
}
