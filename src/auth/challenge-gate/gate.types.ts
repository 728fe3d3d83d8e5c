// What a gate asks for, before anything is looked up. `Gate` is what a client is told; it depends on nothing about any account.

/** What stands behind the gate. */
export type GatePurpose = 'register' | 'password_forgot';
export const gatePurposes: readonly GatePurpose[] = ['register', 'password_forgot'];

export type GateKind = 'proof_of_work' | 'turnstile' | 'hcaptcha';

export type Gate =
  | { readonly kind: 'turnstile' | 'hcaptcha'; readonly siteKey: string }
  | {
      readonly kind: 'proof_of_work';
      readonly puzzle: string;
      /** Leading zero bits of SHA-256 of puzzle, dot, number. */
      readonly difficulty: number;
      /** ISO 8601, UTC. */
      readonly expiresAt: string;
    };

/** For operators. */
export interface GateStanding {
  readonly mode: 'off' | 'alarm' | 'always';
  /** What this instance asks for: the puzzle, too, while a vendor is left alone. */
  readonly kind: GateKind;
  readonly shut: boolean;
}

/** Why what was presented does not open the gate; for the client. */
export type GateFault = 'required' | 'invalid' | 'expired' | 'used' | 'unavailable';

export type Verdict =
  | {
      readonly outcome: 'passed';
      /** What must not pass twice. */
      readonly once: string;
      /** After it nothing passes with that any more. */
      readonly until: Date;
    }
  | { readonly outcome: 'refused'; readonly fault: 'invalid' | 'expired' }
  /** Nobody could be asked. The reason is for the operator. */
  | { readonly outcome: 'unavailable'; readonly reason: string };
