// How long each part of a connection may take (security.md 5.8), on both listeners; and what node leaves to us.

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

/**
 * node would answer a request without Host by itself, without our headers and problem document. So it hands it on, and the first hook refuses it.
 * In the same way it hands on an expectation that it does not know (`checkExpectation`), which RFC 9110 10.1.1 lets a server pass over.
 */
export const ANSWERED_BY_US = { requireHostHeader: false } as const;
