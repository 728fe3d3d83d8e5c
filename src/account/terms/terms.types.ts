/** Which terms the server asks for, and which the person has accepted. */
export interface AcceptedTerms {
  /** The version that the server asks for (TERMS_VERSION); null when it has no terms. */
  readonly current: string | null;
  readonly accepted: string | null;
  readonly acceptedAt: Date | null;
}
