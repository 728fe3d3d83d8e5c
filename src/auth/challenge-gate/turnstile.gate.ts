// Cloudflare Turnstile (developers.cloudflare.com/turnstile/get-started/server-side-validation, 2025-11). A token has at most 2048 characters, and is
// good once and for 300 s. The visitor's address is optional there, and we do not give it away.
import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock/clock';
import { ChallengeGate } from './challenge-gate';
import { GateConfig } from './gate.config';
import type { Gate, GatePurpose, Verdict } from './gate.types';
import { Siteverify } from './siteverify.service';
import { verdictOf } from './vendor-verdict';

const TOKEN_MAX = 2048;

@Injectable()
export class TurnstileGate extends ChallengeGate {
  constructor(
    private readonly config: GateConfig,
    private readonly siteverify: Siteverify,
    private readonly clock: Clock,
  ) {
    super();
  }

  override offer(): Gate {
    return { kind: 'turnstile', siteKey: this.config.TURNSTILE_SITE_KEY ?? '' };
  }

  override async judge(_purpose: GatePurpose, token: string): Promise<Verdict> {
    if (token.length > TOKEN_MAX) return { outcome: 'refused', fault: 'invalid' };
    const secret = this.config.TURNSTILE_SECRET_KEY?.reveal() ?? '';
    const url = `${this.config.TURNSTILE_BASE_URL}/turnstile/v0/siteverify`;
    return verdictOf(await this.siteverify.ask(url, { secret, response: token }), 'turnstile', token, this.clock.now());
  }
}
