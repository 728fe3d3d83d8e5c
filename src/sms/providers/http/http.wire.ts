// The body of our POST to the operator's gateway; docs/sms-gateway.md is its contract.

export interface GatewayMessage {
  /** Our delivery id (UUID). The same id is the same message: a gateway sends it once. */
  readonly id: string;
  /** +E.164. */
  readonly to: string;
  readonly text: string;
  /** ISO 8601, UTC; from then on the text is of no use and must not be sent. */
  readonly expiresAt: string;
  /** Where receipts of this message go; absent while that address is not configured. */
  readonly receiptUrl?: string;
}
