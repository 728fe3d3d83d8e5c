// The one place where an operator's own code adds claims to access tokens (docs/claims.md, ADR 0021).
// A port: own-claims.source.ts implements it, and that file is there to be replaced.

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
   * Absent: nothing is added, and nothing is waited for. Asked for every access token, at login and at every refresh, after the sign-in has been committed.
   * @param signal aborts after 500 ms, when the token is issued without these claims; pass it on to whatever is asked
   * @returns claims beside the reserved ones; together with CUSTOM_CLAIMS at most 1024 bytes of JSON. Names here win over that map.
   */
  claimsFor?(user: ClaimsUser, client: ClaimsClient, session: ClaimsSession, signal: AbortSignal): Promise<Claims>;
}
