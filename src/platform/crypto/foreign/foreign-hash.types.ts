// A password hash that another system made, as what it consists of. Made by readForeignHash only, which bounds every part.

export type Pbkdf2Digest = 'sha1' | 'sha256' | 'sha512';

export interface Salted {
  readonly salt: Buffer;
  /** What the right password gives. */
  readonly digest: Buffer;
}

export interface ScryptCost {
  /** N = 2^ln. */
  readonly ln: number;
  readonly r: number;
  readonly p: number;
}

/** Firebase's own: salt is that of the account and of the project, digest the keystream that the signer key was encrypted with. */
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
