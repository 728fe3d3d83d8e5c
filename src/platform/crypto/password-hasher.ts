import type { PoolStats } from './bounded-pool';

export interface PasswordVerdict {
  readonly ok: boolean;
  /** The stored hash is of an older scheme, cost or pepper: after a right password store hash(password). */
  readonly needsRehash: boolean;
}

/**
 * A port. hash, verify and salted cost one hash and throw AppError overloaded when too many are being made. A wrong password costs verify a
 * second hash while imported hashes wait for their owners (A54).
 */
export abstract class PasswordHasher {
  /** @param replaced the hash stored so far; the new one never has a lower cost. @returns the encoded text to store */
  abstract hash(password: string, replaced?: string): Promise<string>;

  /** hash for somebody whose code has been used up for it: waits for up to 20 s before it throws overloaded. */
  abstract hashOwed(password: string): Promise<string>;

  /**
   * @param encoded what hash() returned; null when there is no account, which takes as long and is never ok (A54)
   * @throws AppError not_ready when the pepper's key id is not on the ring
   */
  abstract verify(password: string, encoded: string | null): Promise<PasswordVerdict>;

  /**
   * Looks up the hash to compare with, but not if the comparison would be refused anyway. So a flood costs the database nothing
   * (performance.md 8.1).
   * @throws AppError overloaded, whether the account exists or not
   */
  abstract admit<T>(lookUp: () => Promise<T>): Promise<T>;

  /** A salt for `salted`: 128 random bits, and cost 10, or less where passwords have less. */
  abstract newSalt(): Promise<string>;

  /**
   * The same text and salt always give the same result, which begins with the salt. For random secrets of less than 112 bits that are looked up
   * by their hash (ASVS 6.5.2). It uses no pepper, so it outlives every key. @param text at most 72 bytes, without NUL
   */
  abstract salted(text: string, salt: string): Promise<string>;

  abstract stats(): PoolStats;
}
