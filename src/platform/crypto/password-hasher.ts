import type { PoolStats } from './bounded-pool';

export interface PasswordVerdict {
  readonly ok: boolean;
  /** The stored text is of an older scheme, cost or pepper: store hash(password) after a right password. */
  readonly needsRehash: boolean;
}

/** A port. Both calls cost one hash of the configured cost and throw AppError overloaded when too many are under way. */
export abstract class PasswordHasher {
  /** @returns the encoded text to store. */
  abstract hash(password: string): Promise<string>;

  /**
   * @param encoded what hash() returned, or null for an account that does not exist: the same work, never ok (A54)
   * @throws AppError not_ready when the pepper's key id is not on the ring
   */
  abstract verify(password: string, encoded: string | null): Promise<PasswordVerdict>;

  abstract stats(): PoolStats;
}
