// What the simulated Telnyx Verify remembers of verifications: a code, a time-out, five tries, one acceptance.
import type { DialectContext } from '../../../contract/dialect';

export interface NewVerification {
  readonly type: 'sms' | 'call';
  readonly phone: string;
  readonly customCode: string | undefined;
  readonly timeoutSeconds: number | undefined;
}

export interface Verification extends NewVerification {
  readonly id: string;
  readonly code: string;
  readonly timeoutSeconds: number;
  readonly createdAt: Date;
  updatedAt: Date;
  triesLeft: number;
  status: 'pending' | 'accepted' | 'invalid';
}

// The defaults of a Verify profile.
const codeLength = 5;
const defaultTimeoutSeconds = 300;
const tries = 5;
/** Older verifications are forgotten, so that a simulator that runs for weeks stays small. */
const remembered = 10_000;

export class TelnyxVerifications {
  private readonly all = new Map<string, Verification>();

  constructor(private readonly context: DialectContext) {}

  start(wanted: NewVerification): Verification {
    const createdAt = this.context.clock.now();
    const verification: Verification = {
      ...wanted,
      id: this.context.random.uuid(),
      code: wanted.customCode ?? Array.from({ length: codeLength }, () => this.context.random.below(10)).join(''),
      timeoutSeconds: wanted.timeoutSeconds ?? defaultTimeoutSeconds,
      createdAt,
      updatedAt: createdAt,
      triesLeft: tries,
      status: 'pending',
    };
    this.all.set(verification.id, verification);
    const oldest = this.all.keys().next();
    if (this.all.size > remembered && oldest.done !== true) this.all.delete(oldest.value);
    return verification;
  }

  byId(id: string): Verification | undefined {
    return this.all.get(id);
  }

  /** The newest verification of a number. */
  byPhone(phone: string): Verification | undefined {
    return [...this.all.values()].reverse().find((verification) => verification.phone === phone);
  }

  statusOf(verification: Verification): string {
    return verification.status === 'pending' && this.isExpired(verification) ? 'expired' : verification.status;
  }

  /** @returns whether the code was accepted: in time, while tries are left, once. */
  verify(verification: Verification, code: string): boolean {
    if (verification.status !== 'pending' || this.isExpired(verification)) return false;
    verification.triesLeft -= 1;
    if (code === verification.code) verification.status = 'accepted';
    else if (verification.triesLeft === 0) verification.status = 'invalid';
    verification.updatedAt = this.context.clock.now();
    return code === verification.code;
  }

  /** What a customer that checks its own code reports of it. */
  report(verification: Verification, accepted: boolean): void {
    verification.status = accepted ? 'accepted' : 'invalid';
    verification.updatedAt = this.context.clock.now();
  }

  private isExpired({ createdAt, timeoutSeconds }: Verification): boolean {
    return this.context.clock.now().getTime() >= createdAt.getTime() + timeoutSeconds * 1000;
  }
}
