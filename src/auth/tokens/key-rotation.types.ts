import type { SigningKeyRow } from './signing-keys.store';

/** A key as the operator sees it. */
export interface SigningKeyInfo {
  readonly kid: string;
  readonly state: SigningKeyRow['state'];
  readonly createdAt: Date;
  /** When it began to sign; of a next key, from when on it may. */
  readonly signsFrom: Date | null;
  readonly retiredAt: Date | null;
  /** Until when tokens of a retired key are good. */
  readonly acceptedUntil: Date | null;
}

export interface Rotated {
  /** Signs now. */
  readonly current: string;
  readonly retired: string;
  readonly acceptedUntil: Date;
}

/** The next key is too young: it takes over by itself at this moment. */
export interface Scheduled {
  readonly next: string;
  readonly signsFrom: Date;
}

export interface Imported {
  readonly next: string;
  /** From when on it may sign. */
  readonly signsFrom: Date;
  /** The next key that was, and never signed. */
  readonly removed: string;
}

export interface Revoked {
  readonly revoked: string;
  /** Which it was in. */
  readonly state: SigningKeyRow['state'];
  /** Signs now. */
  readonly current: string;
}
