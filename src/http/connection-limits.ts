// How long a connection may take for what (security.md 5.8), on both of our listeners.

export const CONNECTION_LIMITS = {
  /** From the first byte of a request to its last. */
  requestTimeout: 15_000,
  headersTimeout: 10_000,
  /** Above what proxies keep, so that they close first and never send into a closed connection. */
  keepAliveTimeout: 65_000,
  /** How often node looks for requests over their time; its default of 30 s would double the limits above. */
  connectionsCheckingInterval: 1_000,
  /** Bytes. */
  maxHeaderSize: 8 * 1024,
} as const;
