// The only place where an operator's own code can add claims to access tokens (docs/claims.md, ADR 0021). This is a port;
// own-claims.source.ts implements it, and operators may replace that file.

/** JSON values by claim name. */
export type Claims = Readonly<Record<string, unknown>>;

export interface ClaimsUser {
  readonly id: string;
}

export interface ClaimsClient {
  /** first-party for our own app. */
  readonly clientId: string;
  readonly audience: string;
}

export interface ClaimsSession {
  readonly id: string;
  readonly authenticatedAt: Date;
  readonly amr: readonly string[];
  readonly acr: 'aal1' | 'aal2';
}

export abstract class ClaimsSource {
  /**
   * When it is absent, nothing is added and nothing is waited for. It is called for every access token, at login and at every refresh,
   * after the sign-in was committed.
   * @param signal aborts after 500 ms, and the token is issued without these claims; pass it on to whatever you call
   * @returns claims other than the reserved ones, together with CUSTOM_CLAIMS at most 1024 bytes of JSON. They go before equal names in
   * CUSTOM_CLAIMS
   */
  claimsFor?(user: ClaimsUser, client: ClaimsClient, session: ClaimsSession, signal: AbortSignal): Promise<Claims>;
}
