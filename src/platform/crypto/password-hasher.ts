import type { PoolStats } from './bounded-pool';

export interface PasswordVerdict {
  readonly ok: boolean;
  /** The stored text is of an older scheme, cost or pepper: store hash(password) after a right password. */
  readonly needsRehash: boolean;
}

/** A port. Each call but newSalt and admit costs one hash and throws AppError overloaded when too many are under way. */
export abstract class PasswordHasher {
  /** @param replaced what was stored so far: the new text is never cheaper to try than it @returns the encoded text to store */
  abstract hash(password: string, replaced?: string): Promise<string>;

  /**
   * @param encoded what hash() returned, or null for an account that does not exist: the same work, never ok (A54)
   * @throws AppError not_ready when the pepper's key id is not on the ring
   */
  abstract verify(password: string, encoded: string | null): Promise<PasswordVerdict>;

  /**
   * Looks up what a password will be compared with, unless the comparison would be turned away: a flood then costs the database nothing
   * (performance.md 8.1).
   * @throws AppError overloaded, whoever is looked up
   */
  abstract admit<T>(lookUp: () => Promise<T>): Promise<T>;

  /** For `salted`: 128 random bits and a cost of 10, less where passwords cost less. */
  abstract newSalt(): Promise<string>;

  /**
   * The same text and salt give the same result, which begins with the salt: for random secrets of less than 112 bits that have to be
   * found by their hash (ASVS 6.5.2). No pepper, so it lives longer than any key. @param text at most 72 bytes without NUL
   */
  abstract salted(text: string, salt: string): Promise<string>;

  abstract stats(): PoolStats;
}
