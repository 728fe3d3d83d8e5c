import type { ForeignHash } from './foreign/foreign-hash.types';

/** A port: what a hasher needs to know of imported hashes that still wait for their first login. */
export abstract class ImportedHashes {
  /** @returns undefined for a text that is no sealed hash, or a damaged one. @throws AppError not_ready without the key it is sealed under */
  abstract open(stored: string): ForeignHash | undefined;

  /** A hash of the most frequent kind among those that wait; undefined when none waits. Never throws. */
  abstract typical(): Promise<ForeignHash | undefined>;
}
