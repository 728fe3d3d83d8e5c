// What the simulated Sinch remembers of verifications: one pending per number, one try each.
import type { DialectContext } from '../../../contract/dialect';
import { after } from '../../../../platform/time/seconds';

export interface Verification {
  readonly id: string;
  readonly endpoint: string;
  readonly method: 'sms' | 'callout';
  readonly reference: string | undefined;
  readonly code: string;
  readonly startedAt: Date;
  readonly expiresAt: Date;
  status: 'PENDING' | 'SUCCESSFUL' | 'FAIL' | 'ABORTED';
  reason: string | undefined;
}

// Sinch states neither; its examples show codes of 4 digits.
const codeLengthUnlessConfigured = 4;
const lifetimeSeconds = 600;
/** Older verifications are forgotten, so that a simulator that runs for weeks stays small. */
const remembered = 10_000;

export class SinchVerifications {
  private readonly all = new Map<string, Verification>();
  private readonly references = new Map<string, Verification>();

  constructor(private readonly context: DialectContext) {}

  start(
    endpoint: string,
    method: Verification['method'],
    reference: string | undefined,
    expirySeconds: number = lifetimeSeconds,
  ): Verification {
    const older = this.running(endpoint);
    if (older !== undefined) older.status = 'ABORTED';
    const startedAt = this.context.clock.now();
    const verification: Verification = {
      id: this.context.random.uuid(),
      endpoint,
      method,
      reference,
      code: this.newCode(),
      startedAt,
      expiresAt: after(startedAt, expirySeconds),
      status: 'PENDING',
      reason: undefined,
    };
    this.all.set(verification.id, verification);
    if (reference !== undefined) this.references.set(reference, verification);
    this.forgetOldest();
    return verification;
  }

  byId(id: string): Verification | undefined {
    return this.all.get(id);
  }

  byReference(reference: string): Verification | undefined {
    return this.references.get(reference);
  }

  /** The pending verification of a number: there is at most one. */
  running(endpoint: string): Verification | undefined {
    return [...this.all.values()].reverse().find((v) => v.endpoint === endpoint && v.status === 'PENDING');
  }

  /** One try: right, wrong or too late, the verification is over. */
  report(verification: Verification, code: string): void {
    if (verification.status !== 'PENDING') return;
    const late = this.context.clock.now() >= verification.expiresAt;
    const right = !late && code === verification.code;
    verification.status = right ? 'SUCCESSFUL' : 'FAIL';
    if (!right) verification.reason = late ? 'Expired' : 'Invalid code';
  }

  private newCode(): string {
    const length = Number(this.context.credentials['SINCH_CODE_LENGTH'] ?? codeLengthUnlessConfigured);
    return Array.from({ length }, () => this.context.random.below(10)).join('');
  }

  private forgetOldest(): void {
    const oldest = this.all.values().next();
    if (this.all.size <= remembered || oldest.done === true) return;
    this.all.delete(oldest.value.id);
    if (oldest.value.reference !== undefined) this.references.delete(oldest.value.reference);
  }
}
