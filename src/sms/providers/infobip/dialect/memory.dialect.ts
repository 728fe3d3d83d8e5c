// What the simulated Infobip remembers of PINs, under the application settings our README asks the operator for.
import type { DialectContext } from '../../../contract/dialect';
import { after } from '../../../../platform/time/seconds';

export interface InfobipPin {
  readonly id: string;
  /** Digits only. */
  readonly to: string;
  readonly code: string;
  readonly expiresAt: Date;
  attemptsRemaining: number;
  verified: boolean;
}

export interface RateLimit {
  readonly count: number;
  readonly seconds: number;
}

export interface ApplicationSettings {
  readonly pinAttempts: number;
  readonly allowMultiplePinVerifications: boolean;
  readonly pinTimeToLiveSeconds: number;
  readonly verifyPinLimit: RateLimit;
  readonly sendPinPerPhoneNumberLimit: RateLimit;
}

const remembered = 10_000;

export class InfobipPins {
  private readonly pins = new Map<string, InfobipPin>();
  private readonly uses = new Map<string, number[]>();

  constructor(
    private readonly context: DialectContext,
    private readonly settings: ApplicationSettings,
  ) {}

  start(to: string): InfobipPin {
    const length = Number(this.context.credentials['INFOBIP_CODE_LENGTH'] ?? 6);
    const pin: InfobipPin = {
      id: this.context.random.bytes(16).toString('hex').toUpperCase(),
      to,
      code: Array.from({ length }, () => this.context.random.below(10)).join(''),
      expiresAt: after(this.context.clock.now(), this.settings.pinTimeToLiveSeconds),
      attemptsRemaining: this.settings.pinAttempts,
      verified: false,
    };
    this.pins.set(pin.id, pin);
    if (this.pins.size > remembered) this.forgetOldest();
    return pin;
  }

  find(id: string): InfobipPin | undefined {
    return this.pins.get(id);
  }

  /** @returns the vendor's pinError, or undefined when the PIN was right. */
  verify(pin: InfobipPin, code: unknown): 'WRONG_PIN' | 'TTL_EXPIRED' | 'NO_MORE_PIN_ATTEMPTS' | undefined {
    if (this.context.clock.now() >= pin.expiresAt) return 'TTL_EXPIRED';
    if (pin.attemptsRemaining === 0) return 'NO_MORE_PIN_ATTEMPTS';
    pin.attemptsRemaining -= 1;
    const used = pin.verified && !this.settings.allowMultiplePinVerifications;
    if (code !== pin.code || used) return 'WRONG_PIN';
    pin.verified = true;
    return undefined;
  }

  mayVerify(pin: InfobipPin): boolean {
    return this.take(`verify ${pin.id}`, this.settings.verifyPinLimit);
  }

  maySend(to: string): boolean {
    return this.take(`send ${to}`, this.settings.sendPinPerPhoneNumberLimit);
  }

  private take(key: string, limit: RateLimit): boolean {
    const now = this.context.clock.now().getTime();
    const recent = (this.uses.get(key) ?? []).filter((at) => at > now - limit.seconds * 1000);
    const allowed = recent.length < limit.count;
    if (allowed) recent.push(now);
    this.uses.set(key, recent);
    return allowed;
  }

  private forgetOldest(): void {
    const oldest = this.pins.values().next();
    if (oldest.done === true) return;
    this.pins.delete(oldest.value.id);
    this.uses.delete(`verify ${oldest.value.id}`);
  }
}
