// The tokens that widgets have given to simulated people: of which vendor, when they were made, and whether they are spent. Memory is bounded:
// when there are too many tokens, the oldest is forgotten.
import type { Clock } from '../../platform/clock/clock';
import type { Random } from '../../platform/random/random';

export const captchaVendors = ['turnstile', 'hcaptcha'] as const;
export type CaptchaVendor = (typeof captchaVendors)[number];

export interface CaptchaToken {
  readonly vendor: CaptchaVendor;
  readonly madeAt: Date;
  spent: boolean;
}

const KEPT = 10_000;
const TOKEN_BYTES = 48;

export class CaptchaTokens {
  private readonly tokens = new Map<string, CaptchaToken>();

  constructor(
    private readonly clock: Clock,
    private readonly random: Random,
  ) {}

  /** Makes a token, as a widget does for a person who has passed. */
  issue(vendor: CaptchaVendor): string {
    const prefix = vendor === 'turnstile' ? '0.' : 'P1_';
    const token = `${prefix}${this.random.bytes(TOKEN_BYTES).toString('base64url')}`;
    this.tokens.set(token, { vendor, madeAt: this.clock.now(), spent: false });
    const [oldest] = this.tokens.keys();
    if (this.tokens.size > KEPT && oldest !== undefined) this.tokens.delete(oldest);
    return token;
  }

  /** @returns undefined when this vendor has not made such a token */
  find(vendor: CaptchaVendor, token: string): CaptchaToken | undefined {
    const found = this.tokens.get(token);
    return found?.vendor === vendor ? found : undefined;
  }

  ageSeconds({ madeAt }: CaptchaToken): number {
    return (this.clock.now().getTime() - madeAt.getTime()) / 1000;
  }
}
