// What a gate asks for. `Gate` is what a client is told; it depends on nothing about any account.

/** The routes behind the gate. */
export type GatePurpose = 'register' | 'password_forgot';
export const gatePurposes: readonly GatePurpose[] = ['register', 'password_forgot'];

export type GateKind = 'proof_of_work' | 'turnstile' | 'hcaptcha';

export type Gate =
  | { readonly kind: 'turnstile' | 'hcaptcha'; readonly siteKey: string }
  | {
      readonly kind: 'proof_of_work';
      readonly puzzle: string;
      /** So many leading zero bits must SHA-256 of puzzle, dot and number have. */
      readonly difficulty: number;
      /** ISO 8601, UTC. */
      readonly expiresAt: string;
    };

/** The state of the gate, for operators. */
export interface GateStanding {
  readonly mode: 'off' | 'alarm' | 'always';
  /** The kind that this instance asks for now: the puzzle while the configured vendor cannot be asked. */
  readonly kind: GateKind;
  readonly shut: boolean;
}

/** Why a token does not open the gate, as the client is told. */
export type GateFault = 'required' | 'invalid' | 'expired' | 'used' | 'unavailable';

export type Verdict =
  | {
      readonly outcome: 'passed';
      /** A text that must not pass a second time. */
      readonly once: string;
      /** After this instant no token with that text passes any more. */
      readonly until: Date;
    }
  | { readonly outcome: 'refused'; readonly fault: 'invalid' | 'expired' }
  /** The vendor could not be asked. The reason is for the operator. */
  | { readonly outcome: 'unavailable'; readonly reason: string };
