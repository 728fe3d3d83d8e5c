import type { SigningKeyRow } from './signing-keys.store';

/** A key, as operators see it. */
export interface SigningKeyInfo {
  readonly kid: string;
  readonly state: SigningKeyRow['state'];
  readonly createdAt: Date;
  /** Since when it has signed; for a next key, from when on it may. */
  readonly signsFrom: Date | null;
  readonly retiredAt: Date | null;
  /** Until when tokens of a retired key are accepted. */
  readonly acceptedUntil: Date | null;
}

export interface Rotated {
  /** The key that signs now. */
  readonly current: string;
  readonly retired: string;
  readonly acceptedUntil: Date;
}

/** The next key is too young. It takes over by itself at this moment. */
export interface Scheduled {
  readonly next: string;
  readonly signsFrom: Date;
}

export interface Imported {
  readonly next: string;
  /** From when on the imported key may sign. */
  readonly signsFrom: Date;
  /** The former next key, which never signed. */
  readonly removed: string;
}

export interface Revoked {
  readonly revoked: string;
  /** The state in which the key was revoked. */
  readonly state: SigningKeyRow['state'];
  /** The key that signs now. */
  readonly current: string;
}
