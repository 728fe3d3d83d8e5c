// What the simulated Vonage remembers of verifications: one per number at a time, three tries, cancelled from 30 seconds on.
import type { DialectContext } from '../../../contract/dialect';
import { after } from '../../../../platform/time/seconds';

export interface VonageVerification {
  readonly id: string;
  readonly to: string;
  readonly code: string;
  readonly startedAt: Date;
  readonly expiresAt: Date;
  wrongCodes: number;
  ended: boolean;
}

export interface WantedVerification {
  readonly to: string;
  /** Digits of the code that Vonage makes. */
  readonly length: number;
  readonly seconds: number;
  /** The customer's own code. */
  readonly own?: string;
}

const triesMax = 3;
const cancellableAfterSeconds = 30;
/** Older verifications are forgotten, so that a simulator that runs for weeks stays small. */
const remembered = 10_000;

export class VonageVerifications {
  private readonly all = new Map<string, VonageVerification>();
  private readonly byNumber = new Map<string, VonageVerification>();

  constructor(private readonly context: DialectContext) {}

  start({ to, length, seconds, own }: WantedVerification): VonageVerification {
    const { clock, random } = this.context;
    const startedAt = clock.now();
    const verification: VonageVerification = {
      id: random.uuid(),
      to,
      code: own ?? Array.from({ length }, () => random.below(10)).join(''),
      startedAt,
      expiresAt: after(startedAt, seconds),
      wrongCodes: 0,
      ended: false,
    };
    this.all.set(verification.id, verification);
    this.byNumber.set(to, verification);
    this.forgetOldest();
    return verification;
  }

  running(to: string): VonageVerification | undefined {
    return this.live(this.byNumber.get(to));
  }

  check(id: string, code: string): 'completed' | 'wrong' | 'failed' | 'unknown' {
    const known = this.all.get(id);
    if (known?.wrongCodes === triesMax) return 'failed';
    const verification = this.live(known);
    if (verification === undefined) return 'unknown';
    if (code === verification.code) {
      verification.ended = true;
      return 'completed';
    }
    verification.wrongCodes += 1;
    verification.ended = verification.wrongCodes === triesMax;
    return verification.ended ? 'failed' : 'wrong';
  }

  /** @returns false when there is nothing to cancel, or not yet. */
  cancel(id: string): boolean {
    const verification = this.live(this.all.get(id));
    const from = (verification?.startedAt.getTime() ?? 0) + cancellableAfterSeconds * 1000;
    if (verification === undefined || this.context.clock.now().getTime() < from) return false;
    verification.ended = true;
    return true;
  }

  private live(verification: VonageVerification | undefined): VonageVerification | undefined {
    if (verification === undefined || verification.ended) return undefined;
    return this.context.clock.now() < verification.expiresAt ? verification : undefined;
  }

  private forgetOldest(): void {
    const oldest = this.all.values().next();
    if (this.all.size <= remembered || oldest.done === true) return;
    this.all.delete(oldest.value.id);
    if (this.byNumber.get(oldest.value.to) === oldest.value) this.byNumber.delete(oldest.value.to);
  }
}
