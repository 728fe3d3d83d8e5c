// What the simulated Twilio remembers of verifications: one pending per number, ten minutes, five sends, five checks.
import type { DialectContext } from '../../../contract/dialect';
import { after } from '../../../../platform/time/seconds';

export interface TwilioVerification {
  readonly sid: string;
  readonly to: string;
  readonly code: string;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly sends: { readonly at: Date; readonly by: 'sms' | 'call'; readonly sid: string }[];
  checks: number;
  status: 'pending' | 'approved';
}

const lifetimeSeconds = 600;
const sendsMax = 5;
const checksMax = 5;
// The service's CodeLength where it is not configured here.
const codeLengthUnlessConfigured = 6;
/** Older verifications are forgotten, so that a simulator that runs for weeks stays small. */
const remembered = 10_000;

export class TwilioVerifications {
  private readonly all = new Map<string, TwilioVerification>();
  private readonly byNumber = new Map<string, TwilioVerification>();

  constructor(private readonly context: DialectContext) {}

  /** @returns undefined when the number's pending verification was sent as often as Twilio sends one. */
  start(to: string, by: 'sms' | 'call'): TwilioVerification | undefined {
    const verification = this.pendingOf(to) ?? this.make(to);
    if (verification.sends.length === sendsMax) return undefined;
    verification.sends.push({ at: this.context.clock.now(), by, sid: this.newSid('VL') });
    return verification;
  }

  /** @returns undefined once it was approved or has expired: Twilio deletes it then. */
  find(sid: string): TwilioVerification | undefined {
    const verification = this.all.get(sid);
    const live = verification?.status === 'pending' && this.context.clock.now() < verification.expiresAt;
    return live ? verification : undefined;
  }

  pendingOf(to: string): TwilioVerification | undefined {
    return this.find(this.byNumber.get(to)?.sid ?? '');
  }

  /** @returns false when there was no check left to evaluate the code with. */
  check(verification: TwilioVerification, code: string): boolean {
    if (verification.checks === checksMax) return false;
    verification.checks += 1;
    if (code === verification.code) verification.status = 'approved';
    return true;
  }

  private make(to: string): TwilioVerification {
    const { clock, random, credentials } = this.context;
    const length = Number(credentials['TWILIO_CODE_LENGTH'] ?? codeLengthUnlessConfigured);
    const createdAt = clock.now();
    const verification: TwilioVerification = {
      sid: this.newSid('VE'),
      to,
      code: Array.from({ length }, () => random.below(10)).join(''),
      createdAt,
      expiresAt: after(createdAt, lifetimeSeconds),
      sends: [],
      checks: 0,
      status: 'pending',
    };
    this.all.set(verification.sid, verification);
    this.byNumber.set(to, verification);
    this.forgetOldest();
    return verification;
  }

  private newSid(prefix: string): string {
    return `${prefix}${this.context.random.bytes(16).toString('hex')}`;
  }

  private forgetOldest(): void {
    const oldest = this.all.values().next();
    if (this.all.size <= remembered || oldest.done === true) return;
    this.all.delete(oldest.value.sid);
    if (this.byNumber.get(oldest.value.to) === oldest.value) this.byNumber.delete(oldest.value.to);
  }
}
