/**
 * Randomness for what the app stores or gives away; nothing uses Math.random (eslint.config.mjs). Ids of requests, and secrets that are made
 * before there is an app, come from node:crypto directly.
 */
export abstract class Random {
  /** @param count number of bytes from the operating system's generator */
  abstract bytes(count: number): Buffer;
  /** A UUIDv7 (RFC 9562 section 5.7). Ids sort by creation, which keeps new rows together in an index. An id is never a secret. */
  abstract uuid(): string;
  /** A whole number, 0 <= n < bound. For shards and jitter, not for codes (those are derived). */
  abstract below(bound: number): number;
}
