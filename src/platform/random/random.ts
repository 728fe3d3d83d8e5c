/** The only source of chance: a port, so that no module reaches for Math.random. */
export abstract class Random {
  /** @param count number of bytes from the operating system's generator */
  abstract bytes(count: number): Buffer;
  /** A UUIDv7 (RFC 9562 section 5.7): ids sort by creation, so primary keys stay local. An id, never a secret. */
  abstract uuid(): string;
  /** A whole number, 0 <= n < bound. For shards and jitter, not for codes (those are derived). */
  abstract below(bound: number): number;
}
