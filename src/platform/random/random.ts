/** The only source of randomness. It is a port, so that no module uses Math.random. */
export abstract class Random {
  /** @param count number of bytes from the operating system's generator */
  abstract bytes(count: number): Buffer;
  /** A UUIDv7 (RFC 9562 section 5.7). Ids sort by creation, which keeps new rows together in an index. An id is never a secret. */
  abstract uuid(): string;
  /** A whole number, 0 <= n < bound. For shards and jitter, not for codes (those are derived). */
  abstract below(bound: number): number;
}
