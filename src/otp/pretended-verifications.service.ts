// The verification that a decoy would have at its service, by that service's rules, so that nobody who guesses codes sees that there is none
// (A55).
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

  /** Called when the service would have answered. @returns what stands for its id; undefined when another verifier checks by now */
  begin(challengeId: string, provider: string): Promise<string | undefined> {
    const now = this.clock.now();
    const { restart } = this.sms.verificationRules(provider);
    const goesOnSince = typeof restart === 'object' ? after(now, -restart.goesOnSeconds) : null;
    return this.store.begin(challengeId, provider, now, { goesOnSince, endsFormer: restart === 'ends_former' });
  }

  /** One more wrong code. @returns whether the service would have ended it by that, or before */
  async refuse(challengeId: string, provider: string): Promise<boolean> {
    const { restart, endsAfterWrongCodes } = this.sms.verificationRules(provider);
    if (endsAfterWrongCodes === null) return false;
    const refused = await this.store.refuse(challengeId);
    if (refused === undefined) return false;
    const since = typeof restart === 'object' ? after(this.clock.now(), -restart.goesOnSeconds).toISOString() : '';
    return refused.wrongCodes >= endsAfterWrongCodes || (refused.began !== '' && refused.began < since);
  }
}
