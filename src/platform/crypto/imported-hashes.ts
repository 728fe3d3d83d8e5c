import type { ForeignHash } from './foreign/foreign-hash.types';

/** A port: what a hasher has to know of the hashes that came with an import and still wait for their first login. */
export abstract class ImportedHashes {
  /** @returns undefined for a text that is none, or is damaged. @throws AppError not_ready without the key it is sealed under */
  abstract open(stored: string): ForeignHash | undefined;

  /** One of the commonest kind that wait; undefined when none waits. Never throws. */
  abstract typical(): Promise<ForeignHash | undefined>;
}
