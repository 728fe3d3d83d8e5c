// hCaptcha (docs.hcaptcha.com, "Verify the User Response Server Side", 2025-11), which takes forms only. We send the site key, so that hCaptcha
// refuses tokens of other people's widgets. The visitor's address is optional there, and we do not give it away.
import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock/clock';
import { ChallengeGate } from './challenge-gate';
import { GateConfig } from './gate.config';
import type { Gate, GatePurpose, Verdict } from './gate.types';
import { Siteverify } from './siteverify.service';
import { verdictOf } from './vendor-verdict';

@Injectable()
export class HcaptchaGate extends ChallengeGate {
  constructor(
    private readonly config: GateConfig,
    private readonly siteverify: Siteverify,
    private readonly clock: Clock,
  ) {
    super();
  }

  override offer(): Gate {
    return { kind: 'hcaptcha', siteKey: this.sitekey };
  }

  override async judge(_purpose: GatePurpose, token: string): Promise<Verdict> {
    const secret = this.config.HCAPTCHA_SECRET_KEY?.reveal() ?? '';
    const fields = { secret, response: token, sitekey: this.sitekey };
    const told = await this.siteverify.ask(`${this.config.HCAPTCHA_BASE_URL}/siteverify`, fields);
    return verdictOf(told, 'hcaptcha', token, this.clock.now());
  }

  private get sitekey(): string {
    return this.config.HCAPTCHA_SITE_KEY ?? '';
  }
}
