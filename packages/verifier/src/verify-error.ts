// Why a request is not let in. One class, so that an application can tell a refusal of ours from a fault of its own.
// The message is for logs; what the caller is told is in refusal.ts and never carries a part of the token.

/**
 * - `token_missing`: no bearer token came with the request
 * - `token_invalid`: not an access token of this issuer for this audience, or not valid now
 * - `token_expired`: it was one until a while ago; the client should renew it
 * - `authentication_insufficient`: a good token, but the person has to prove themselves again (RFC 9470)
 * - `issuer_unavailable`: the issuer's keys cannot be had, so nothing can be said about the token
 */
export type VerifyErrorCode =
  'token_missing' | 'token_invalid' | 'token_expired' | 'authentication_insufficient' | 'issuer_unavailable';

/** What a person has to have done, and how recently, for a route. */
export interface Requirements {
  /** The longest time, in seconds, since the person signed in or last stepped up (claim `auth_time`). */
  readonly maxAuthAgeSeconds?: number;
  /** How well they did: the claim `acr` has to be this, or one of these. */
  readonly requireAcr?: string | readonly string[];
}

export class LatchkeyVerifyError extends Error {
  override readonly name = 'LatchkeyVerifyError';

  /**
   * @param reason for the log
   * @param unmet with `authentication_insufficient`: what was asked for
   */
  constructor(
    readonly code: VerifyErrorCode,
    reason: string,
    options: { readonly cause?: unknown; readonly unmet?: Requirements } = {},
  ) {
    super(reason, options.cause === undefined ? {} : { cause: options.cause });
    this.unmet = options.unmet;
  }

  readonly unmet: Requirements | undefined;
}

export function invalid(reason: string, cause?: unknown): LatchkeyVerifyError {
  return new LatchkeyVerifyError('token_invalid', reason, { cause });
}
