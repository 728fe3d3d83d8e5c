// The parts of a password hash that another system made. Only readForeignHash makes these values, and it bounds every part.

export type Pbkdf2Digest = 'sha1' | 'sha256' | 'sha512';

export interface Salted {
  readonly salt: Buffer;
  /** The result that the right password gives. */
  readonly digest: Buffer;
}

export interface ScryptCost {
  /** N = 2^ln. */
  readonly ln: number;
  readonly r: number;
  readonly p: number;
}

/** Firebase's: the salt is that of the account followed by that of the project, the digest is the keystream (firebase-scrypt.ts). */
export interface FirebaseHash extends ScryptCost, Salted {
  readonly scheme: 'firebase-scrypt';
}

export type ForeignHash =
  | { readonly scheme: 'bcrypt'; readonly cost: number; readonly text: string }
  | ({
      readonly scheme: 'argon2id';
      readonly memoryKib: number;
      readonly passes: number;
      readonly lanes: number;
    } & Salted)
  | ({ readonly scheme: 'scrypt' } & ScryptCost & Salted)
  | FirebaseHash
  | ({ readonly scheme: 'pbkdf2'; readonly hash: Pbkdf2Digest; readonly iterations: number } & Salted);
