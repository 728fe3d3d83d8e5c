// While the gate is shut, people who register or have forgotten their password must pass it first. This is decided before anything is looked up,
// so it is the same for known and unknown people (A55, A76). When the configured vendor cannot be asked, the built-in puzzle replaces it for
// 15 s at a time: so nobody gets in without passing, and nobody is kept out (ADR 60). A puzzle that we have signed is accepted whichever kind of
// gate is on now, because we only give one out where it was wanted.
import { Injectable, Logger } from '@nestjs/common';
import { SampledEvents } from '../../audit/sampled-events.service';
import { Clock } from '../../platform/clock/clock';
import { AppError } from '../../platform/errors/app-error';
import { alarmRaised } from '../../platform/logging/alarm';
import { RequestContext } from '../../platform/request/request-context';
import { FailureThrottle } from '../../throttling/failure-throttle.service';
import { FactorAlarm } from '../factor-alarm/factor-alarm.service';
import type { ChallengeGate } from './challenge-gate';
import { GateConfig } from './gate.config';
import { gateErrors } from './gate.errors';
import { GateStore } from './gate.store';
import type { Gate, GateFault, GatePurpose, GateStanding, Verdict } from './gate.types';
import { HcaptchaGate } from './hcaptcha.gate';
import { ProofOfWorkGate } from './proof-of-work.gate';
import { readAnswer } from './proof-of-work.algorithm';
import { TurnstileGate } from './turnstile.gate';

const STAND_IN_MILLISECONDS = 15_000;
const routeLimits = { register: 'LIMIT_REGISTER_ADDRESS', password_forgot: 'LIMIT_RESET_ADDRESS' } as const;

@Injectable()
export class GateKeeper {
  private readonly logger = new Logger('gate');
  private readonly vendor: ChallengeGate | undefined;
  private standInUntil = 0;

  constructor(
    private readonly config: GateConfig,
    private readonly work: ProofOfWorkGate,
    turnstile: TurnstileGate,
    hcaptcha: HcaptchaGate,
    private readonly store: GateStore,
    private readonly alarm: FactorAlarm,
    private readonly throttle: FailureThrottle,
    private readonly events: SampledEvents,
    private readonly context: RequestContext,
    private readonly clock: Clock,
  ) {
    this.vendor = { proof_of_work: undefined, turnstile, hcaptcha }[config.CHALLENGE_GATE_KIND];
  }

  /** What must be passed now; undefined while the gate is open. @throws AppError overloaded, not_ready */
  async gate(purpose: GatePurpose): Promise<Gate | undefined> {
    return (await this.isShut()) ? this.standing().offer(purpose) : undefined;
  }

  /** @throws AppError overloaded, not_ready */
  async state(): Promise<GateStanding> {
    const { CHALLENGE_GATE: mode, CHALLENGE_GATE_KIND } = this.config;
    const kind = this.isVendorLeftAlone() ? 'proof_of_work' : CHALLENGE_GATE_KIND;
    return { mode, kind, shut: await this.isShut() };
  }

  /** Uses the token up. @throws AppError gate_required, overloaded, not_ready, by nothing but the token */
  async demand(purpose: GatePurpose, token: string | null | undefined): Promise<void> {
    if (!(await this.isShut())) return;
    if (token === undefined || token === null) {
      // A client that has only asked what to do has not used up one of its tries.
      await this.throttle.giveBack(routeLimits[purpose], this.context.address);
      throw this.refusal(purpose, 'required');
    }
    const verdict = await this.judge(purpose, token);
    if (verdict.outcome === 'refused') throw this.refusal(purpose, verdict.fault);
    if (verdict.outcome === 'unavailable') throw this.refusal(purpose, 'unavailable');
    if (!(await this.store.spend(verdict.once, verdict.until))) throw this.refusal(purpose, 'used');
  }

  private async judge(purpose: GatePurpose, token: string): Promise<Verdict> {
    const isPuzzle = readAnswer(token) !== undefined;
    if (isPuzzle || this.vendor === undefined) return this.work.judge(purpose, token);
    if (this.isVendorLeftAlone()) return { outcome: 'unavailable', reason: 'left alone' };
    const verdict = await this.vendor.judge(purpose, token);
    if (verdict.outcome === 'unavailable') await this.standIn(verdict.reason);
    return verdict;
  }

  private async isShut(): Promise<boolean> {
    const { CHALLENGE_GATE: mode } = this.config;
    return mode === 'always' || (mode === 'alarm' && (await this.alarm.isRaised()));
  }

  /** The gate that must be passed now. */
  private standing(): ChallengeGate {
    return this.vendor === undefined || this.isVendorLeftAlone() ? this.work : this.vendor;
  }

  private isVendorLeftAlone(): boolean {
    return this.clock.now().getTime() < this.standInUntil;
  }

  private async standIn(reason: string): Promise<void> {
    this.standInUntil = this.clock.now().getTime() + STAND_IN_MILLISECONDS;
    this.logger.error(alarmRaised('gate_vendor_failing', { reason }));
    await this.events.note('gate_vendor_failing', reason);
  }

  private refusal(purpose: GatePurpose, fault: GateFault): AppError {
    const errors = [{ pointer: '/gateToken', code: fault }];
    return new AppError(gateErrors.gate_required, { errors, gate: this.standing().offer(purpose), reason: fault });
  }
}
