// How long each part of a connection may take (security.md 5.8), on both listeners.

export const CONNECTION_LIMITS = {
  /** From the first byte of a request to its last. */
  requestTimeout: 15_000,
  headersTimeout: 10_000,
  /** Longer than proxies keep idle connections, so that they close first and never send into a closed one. */
  keepAliveTimeout: 65_000,
  /** How often node looks for requests over their time; its default of 30 s would double the limits above. */
  connectionsCheckingInterval: 1_000,
  /** Bytes. */
  maxHeaderSize: 8 * 1024,
} as const;
