/** Attempts at second factors on all instances together. */
export interface FactorStanding {
  /** Codes that were presented within the window and counted, the right ones included. */
  readonly attempts: number;
  readonly failed: number;
  /** Null while there is no alarm. */
  readonly raisedAt: Date | null;
}
